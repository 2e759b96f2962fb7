"""Faults of sign-in and of the care of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.web import WebAnswer
from muster.ue.reference.xcap import XcapClient


class NoPkce(IdentityClient):
    def authorization_query(self, state: str, verifier: str) -> str:
        query = parse_qsl(super().authorization_query(state, verifier))
        return urlencode([pair for pair in query if not pair[0].startswith("code_challenge")])

    def code_parameters(self, code: str, verifier: str) -> dict[str, str]:
        parameters = super().code_parameters(code, verifier)
        del parameters["code_verifier"]
        return parameters


class ReusesState(IdentityClient):
    def new_state(self) -> str:
        return "c3RhdGUtb2YtdGhlLWZpcnN0LWRheQ"


class ReusesVerifier(IdentityClient):
    def new_verifier(self) -> str:
        return "the-verifier-of-the-first-day-and-of-every-day-since"


class NoGroupScope(IdentityClient):
    def scope(self) -> str:
        scopes = super().scope().split()
        return " ".join(one for one in scopes if not one.endswith("group_management_service"))


class NoRedirectUri(IdentityClient):
    def code_parameters(self, code: str, verifier: str) -> dict[str, str]:
        parameters = super().code_parameters(code, verifier)
        del parameters["redirect_uri"]
        return parameters


class TokenInUrl(XcapClient):
    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        separator = "&" if "?" in url else "?"
        return await super().get_once(f"{url}{separator}access_token={token}", token, condition)


FAULTS = (
    FaultyUe(
        "no_pkce",
        "Signs in without PKCE.",
        made_of(identity=NoPkce),
        "TS33180-B.4.2.1-01",
        ("identity/sign_in.feature",),
        ("TS33180-B.4.2.2-07", "TS33180-B.4.2.2-08", "TS33180-B.4.2.2-16"),
    ),
    FaultyUe(
        "reuses_state",
        "Uses the same state in every sign-in.",
        made_of(identity=ReusesState),
        "RFC6749-10.12-01",
        ("identity/sign_in.feature", "identity/authentication_response.feature"),
    ),
    FaultyUe(
        "reuses_verifier",
        "Uses the same code verifier in every sign-in.",
        made_of(identity=ReusesVerifier),
        "RFC7636-4.1-02",
        ("identity/sign_in.feature", "identity/authentication_response.feature"),
    ),
    FaultyUe(
        "asks_for_no_group_scope",
        "Leaves group management out of the scope.",
        made_of(identity=NoGroupScope),
        "TS33180-B.4.2.2-14",
        ("identity/sign_in.feature",),
    ),
    FaultyUe(
        "leaves_redirect_uri_out",
        "Leaves redirect_uri out of the token request.",
        made_of(identity=NoRedirectUri),
        "TS33180-B.4.2.4-06",
        ("identity/sign_in.feature",),
    ),
    FaultyUe(
        "sends_token_in_url",
        "Repeats the access token in the query of document URLs.",
        made_of(xcap=TokenInUrl),
        "RFC6750-5.3-01",
        ("identity/tokens.feature", "identity/token_use.feature"),
        ("RFC6750-2-01",),
    ),
)
