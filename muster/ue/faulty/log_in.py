"""Faults of the log-in: the form of its requests, the password, the answer and its code."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from muster.protocol import oidc
from muster.protocol.kms import KmsRequest
from muster.ue.driver import Credentials
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.forms import read_login_form
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.keys import KeyClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.web import Web, WebAnswer, expect

# Requests ----------------------------------------------------------------------------------------


class AuthenticationInJson(IdentityClient):
    async def show_form(self, state: str, verifier: str) -> WebAnswer:
        body = json.dumps(dict(parse_qsl(self.authorization_query(state, verifier)))).encode()
        headers = {"Content-Type": "application/json"}
        endpoint = self.system.access.idms_auth_endpoint
        return expect(await self.system.web.send("POST", endpoint, headers, body), 200)


class TwoSpacesInScope(IdentityClient):
    def scope(self) -> str:
        return super().scope().replace(" ", "  ")


class OtherAcr(IdentityClient):
    def authorization_query(self, state: str, verifier: str) -> str:
        query = dict(parse_qsl(super().authorization_query(state, verifier)))
        return urlencode({**query, "acr_values": "urn:example:acr:fingerprint"})


class FallsBackToPlain(IdentityClient):
    async def show_form(self, state: str, verifier: str) -> WebAnswer:
        try:
            return await super().show_form(state, verifier)
        except Refusal:
            query = dict(parse_qsl(self.authorization_query(state, verifier)))
            plain = {**query, "code_challenge": verifier, "code_challenge_method": "plain"}
            url = oidc.with_query(self.system.access.idms_auth_endpoint, urlencode(plain))
            return expect(await self.system.web.get(url), 200)


class ShortVerifier(IdentityClient):
    def new_verifier(self) -> str:
        return secrets.token_urlsafe(12)

    def authorization_query(self, state: str, verifier: str) -> str:
        query = dict(parse_qsl(super().authorization_query(state, verifier.ljust(43, "x"))))
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return urlencode({**query, "code_challenge": challenge})


class RedeemsTwice(IdentityClient):
    async def ask_token(self, parameters: Mapping[str, str]) -> Mapping[str, object]:
        response = await super().ask_token(parameters)
        if parameters["grant_type"] == oidc.GRANT_AUTHORIZATION_CODE:
            try:
                return await super().ask_token(parameters)
            except Refusal:
                return response
        return response


class RepeatsParameter(Web):
    async def post_form(self, url: str, body: str) -> WebAnswer:
        given = parse_qs(body)
        if given.get("grant_type") == [oidc.GRANT_AUTHORIZATION_CODE]:
            body += "&" + urlencode({"client_id": given["client_id"][0]})
        return await super().post_form(url, body)


class BelievesMetadata(IdentityClient):
    async def token_endpoint(self) -> str:
        configured = await super().token_endpoint()
        issuer = configured.rpartition("/")[0]
        url = f"{issuer}/.well-known/openid-configuration"
        answer = expect(await self.system.web.get(url), 200)
        told: str = json.loads(answer.body)["token_endpoint"]
        return told


# User name and password --------------------------------------------------------------------------


class PasswordByGet(IdentityClient):
    async def submit(self, page: WebAnswer, credentials: Credentials) -> WebAnswer:
        form = read_login_form(page.body, page.url)
        return await self.system.web.get(f"{form.action}?{form.filled_in(credentials)}")


class RemembersPassword(IdentityClient):
    password = ""

    async def sign_in(self, credentials: Credentials) -> None:
        self.password = credentials.password
        await super().sign_in(credentials)


class TellsPassword(KeyClient):
    def request(self, url: str) -> KmsRequest:
        identity = self.system.identity
        password = identity.password if isinstance(identity, RemembersPassword) else None
        return replace(super().request(url), client_id=password)


class GivesUp(IdentityClient):
    given_up = False

    async def submit(self, page: WebAnswer, credentials: Credentials) -> WebAnswer:
        if self.given_up:
            raise Refusal("the user had a wrong password once")
        answer = await super().submit(page, credentials)
        self.given_up = answer.status == 200
        return answer


# Answers -----------------------------------------------------------------------------------------


def parameters_of(answer: WebAnswer) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer.headers.get("Location", "")).query))


class RedeemsPage(IdentityClient):
    def read_code(self, answer: WebAnswer, state: str) -> str:
        if answer.status == 200:
            return hashlib.sha256(answer.body).hexdigest()
        return super().read_code(answer, state)


class IgnoresState(IdentityClient):
    def read_code(self, answer: WebAnswer, state: str) -> str:
        code = parameters_of(answer).get("code")
        return code or super().read_code(answer, state)


class RedeemsError(IdentityClient):
    def read_code(self, answer: WebAnswer, state: str) -> str:
        error = parameters_of(answer).get("error")
        return error or super().read_code(answer, state)


_FORM = ("identity/authentication_request.feature",)
_LOG_IN = ("identity/log_in.feature",)
_ANSWERS = ("identity/authentication_response.feature",)

FAULTS = (
    FaultyUe(
        "asks_for_authentication_in_json",
        "Posts the parameters of the authentication request as JSON.",
        made_of(identity=AuthenticationInJson),
        "TS24482-6.2.1-03",
        _FORM,
    ),
    FaultyUe(
        "two_spaces_in_scope",
        "Puts two spaces between the values of scope.",
        made_of(identity=TwoSpacesInScope),
        "TS33180-B.4.2.2-10",
        _FORM,
    ),
    FaultyUe(
        "wants_another_authentication",
        "Asks to be authenticated in a way of its own, and not by password.",
        made_of(identity=OtherAcr),
        "TS33180-B.4.2.2-15",
        _FORM,
    ),
    FaultyUe(
        "falls_back_to_plain",
        "Offers a plain challenge to a server that refuses S256.",
        made_of(identity=FallsBackToPlain),
        "RFC7636-7.2-01",
        _FORM,
    ),
    FaultyUe(
        "short_verifier",
        "Uses code verifiers of 16 characters.",
        made_of(identity=ShortVerifier),
        "RFC7636-4.1-01",
        _FORM,
        ("TS33180-B.4.2.4-08",),
    ),
    FaultyUe(
        "redeems_the_code_twice",
        "Sends each code in two token requests.",
        made_of(identity=RedeemsTwice),
        "RFC6749-4.1.2-01",
        _FORM,
    ),
    FaultyUe(
        "repeats_a_token_parameter",
        "Writes client_id twice in the token request.",
        made_of(web=RepeatsParameter),
        "RFC6749-3.2-01",
        _FORM,
    ),
    FaultyUe(
        "believes_the_metadata",
        "Asks for tokens where the metadata of the server say, whatever is configured.",
        made_of(identity=BelievesMetadata),
        "TS24482-6.2.1-07",
        _FORM,
    ),
    FaultyUe(
        "sends_password_by_get",
        "Puts user name and password in a URL.",
        made_of(identity=PasswordByGet),
        "TS24482-6.2.1-06",
        _LOG_IN,
        ("TS24482-5.1-01", "TS33180-B.4.2.1-01"),
    ),
    FaultyUe(
        "tells_the_key_server_the_password",
        "Names itself by its user's password in requests for keys.",
        made_of(identity=RemembersPassword, keys=TellsPassword),
        "TS24482-6.2.1-11",
        _LOG_IN,
    ),
    FaultyUe(
        "gives_up_after_a_wrong_password",
        "Takes no other password after a wrong one.",
        made_of(identity=GivesUp),
        "TS24482-5.1-01",
        _LOG_IN,
    ),
    FaultyUe(
        "redeems_a_page",
        "Takes any page for an answer with a code.",
        made_of(identity=RedeemsPage),
        "TS24482-6.2.1-10",
        _LOG_IN,
        ("TS24482-6.2.1-09",),
    ),
    FaultyUe(
        "ignores_the_state",
        "Redeems a code whatever state came with it.",
        made_of(identity=IgnoresState),
        "TS33180-B.4.2.3-01",
        _ANSWERS,
        ("TS33180-B.4.2.3-02",),
    ),
    FaultyUe(
        "redeems_an_error",
        "Takes the error of an answer for a code.",
        made_of(identity=RedeemsError),
        "TS33180-B.4.2.3-03",
        _ANSWERS,
    ),
)
