"""Faults of tokens: how responses are read, how tokens are renewed, whom they are shown to."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from muster.ue.faulty.id_token import part
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import XcapDiff
from muster.ue.reference.identity import IdentityClient
from muster.ue.reference.keys import KeyClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.web import WebAnswer
from muster.ue.reference.xcap import XcapClient

KNOWN_MEMBERS = {
    "access_token", "token_type", "expires_in", "scope", "id_token", "refresh_token",
    "issued_token_type",
}  # fmt: skip
ATTEMPTS = 14

# Token responses ---------------------------------------------------------------------------------


class InsistsOnRefreshToken(IdentityClient):
    async def take(self, response: Mapping[str, object]) -> None:
        if "refresh_token" not in response:
            raise Refusal("the token response has no refresh token")
        await super().take(response)


class InsistsOnCapital(IdentityClient):
    async def take(self, response: Mapping[str, object]) -> None:
        if response.get("token_type") != "Bearer":
            raise Refusal("the access token is no Bearer token")
        await super().take(response)


class RefusesFurtherMembers(IdentityClient):
    async def take(self, response: Mapping[str, object]) -> None:
        if response.keys() - KNOWN_MEMBERS:
            raise Refusal("the token response has unknown members")
        await super().take(response)


class ReadsAccessToken(IdentityClient):
    async def take(self, response: Mapping[str, object]) -> None:
        try:
            part(str(response.get("access_token")), 1)
        except (IndexError, ValueError) as error:
            raise Refusal("the access token is no JWT") from error
        await super().take(response)


class IgnoresTokenType(IdentityClient):
    async def take(self, response: Mapping[str, object]) -> None:
        await super().take({**response, "token_type": "Bearer"})


class IgnoresTokenErrors(IdentityClient):
    async def ask_token(self, parameters: Mapping[str, str]) -> Mapping[str, object]:
        endpoint = await self.token_endpoint()
        answer = await self.system.web.post_form(endpoint, urlencode(parameters))
        try:
            told = json.loads(answer.body)
        except ValueError as error:
            raise Refusal("no token response") from error
        if not isinstance(told, dict) or "access_token" not in told:
            raise Refusal("no access token")
        return told


# Refresh -----------------------------------------------------------------------------------------


class RefreshWithoutToken(IdentityClient):
    def refresh_parameters(self, refresh_token: str) -> dict[str, str]:
        parameters = super().refresh_parameters(refresh_token)
        del parameters["refresh_token"]
        return parameters


class RefreshUnderOtherGrant(IdentityClient):
    def refresh_parameters(self, refresh_token: str) -> dict[str, str]:
        return {**super().refresh_parameters(refresh_token), "grant_type": "refresh"}


class WiderRefresh(IdentityClient):
    def refresh_parameters(self, refresh_token: str) -> dict[str, str]:
        return {**super().refresh_parameters(refresh_token), "scope": self.scope()}


class KeepsAccessToken(IdentityClient):
    async def take(self, response: Mapping[str, object]) -> None:
        held = self.tokens
        await super().take(response)
        if held is not None and self.tokens is not None:
            self.tokens = replace(self.tokens, access_token=held.access_token)


class KeepsRefreshToken(IdentityClient):
    async def take(self, response: Mapping[str, object]) -> None:
        held = self.tokens
        await super().take(response)
        if held is not None and self.tokens is not None:
            self.tokens = replace(self.tokens, refresh_token=held.refresh_token)


class GoesOnAfterRefusal(IdentityClient):
    async def authorised(self, send: Callable[[str], Awaitable[WebAnswer]]) -> WebAnswer:
        held = self.tokens
        try:
            return await super().authorised(send)
        except Refusal:
            if held is None:
                raise
            return await send(held.access_token)


class NeverRenews(IdentityClient):
    async def take(self, response: Mapping[str, object]) -> None:
        await super().take(response)
        if self.tokens is not None:
            self.tokens = replace(self.tokens, renew_at=math.inf)


class DropsToken(XcapClient):
    async def get(self, url: str, condition: Mapping[str, str]) -> WebAnswer:
        tokens = self.identity(url).tokens
        if tokens is not None and not tokens.is_fresh:
            return await self.system.web.get(url, condition)
        return await super().get(url, condition)


class Stubborn(IdentityClient):
    async def authorised(self, send: Callable[[str], Awaitable[WebAnswer]]) -> WebAnswer:
        token = await self.access_token()
        answer = await send(token)
        for _ in range(ATTEMPTS):
            if answer.status not in (401, 403):
                break
            answer = await send(token)
        return answer


# Whom tokens are shown to ------------------------------------------------------------------------


class ShowsIdToken(XcapClient):
    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        tokens = self.identity(url).tokens
        shown = tokens.id_token if tokens is not None else None
        return await super().get_once(url, shown or token, condition)


class ShowsRefreshToken(KeyClient):
    def headers(self, token: str) -> dict[str, str]:
        tokens = self.system.identity.tokens
        shown = tokens.refresh_token if tokens is not None else None
        return {**super().headers(token), "X-Refresh": shown or ""}


class ActsUnderUserName(ConfigurationClient):
    def xui(self) -> str:
        user, _, domain = super().xui().partition("@")
        return f"{user.rpartition('-')[0]}@{domain}"

    async def apply(self, diff: XcapDiff) -> None:
        selector = self.entries()[0]
        try:
            await self.fetch(f"{diff.xcap_root.rstrip('/')}/{selector}", selector)
        except Refusal as error:
            self.system.activity.problems.append(str(error))
        await super().apply(diff)


_RESPONSE = ("identity/token_response.feature",)
_REFRESH = ("identity/refresh.feature",)
_LIFETIME = ("identity/lifetime.feature",)
_USE = ("identity/token_use.feature",)

FAULTS = (
    FaultyUe(
        "insists_on_a_refresh_token",
        "Refuses token responses without a refresh token.",
        made_of(identity=InsistsOnRefreshToken),
        "TS33180-B.4.2.5-02",
        _RESPONSE,
    ),
    FaultyUe(
        "insists_on_a_capital_bearer",
        "Refuses tokens whose type is written in lower case.",
        made_of(identity=InsistsOnCapital),
        "TS33180-B.4.2.5-01",
        _RESPONSE,
    ),
    FaultyUe(
        "refuses_further_members",
        "Refuses token responses with members that it does not know.",
        made_of(identity=RefusesFurtherMembers),
        "RFC6749-5.1-01",
        _RESPONSE,
    ),
    FaultyUe(
        "reads_the_access_token",
        "Refuses access tokens that it cannot read.",
        made_of(identity=ReadsAccessToken),
        "TS33180-B.10-01",
        _RESPONSE,
    ),
    FaultyUe(
        "ignores_the_token_type",
        "Shows tokens of every type as bearer tokens.",
        made_of(identity=IgnoresTokenType),
        "RFC6749-7.1-01",
        _RESPONSE,
    ),
    FaultyUe(
        "ignores_token_errors",
        "Uses tokens that stand beside an error.",
        made_of(identity=IgnoresTokenErrors),
        "TS33180-B.4.2.5-03",
        _RESPONSE,
    ),
    FaultyUe(
        "refreshes_without_its_token",
        "Leaves the refresh token out of the refresh.",
        made_of(identity=RefreshWithoutToken),
        "TS33180-B.5.2-03",
        _REFRESH,
    ),
    FaultyUe(
        "refreshes_under_another_grant_type",
        "Asks for a refresh with a grant type of its own.",
        made_of(identity=RefreshUnderOtherGrant),
        "TS33180-B.5.2-02",
        _REFRESH,
    ),
    FaultyUe(
        "asks_for_more_at_a_refresh",
        "Asks for all scopes at a refresh, although fewer were granted.",
        made_of(identity=WiderRefresh),
        "TS33180-B.5.2-04",
        _LIFETIME,
    ),
    FaultyUe(
        "keeps_the_old_access_token",
        "Refreshes its token, and goes on with the old one.",
        made_of(identity=KeepsAccessToken),
        "TS33180-B.5.3-01",
        (*_REFRESH, *_LIFETIME, "keys/requests.feature"),
        ("TS33180-B.12-01", "TS33180-B.12-03"),
    ),
    FaultyUe(
        "keeps_the_old_refresh_token",
        "Refreshes with its first refresh token for ever.",
        made_of(identity=KeepsRefreshToken),
        "RFC6749-6-01",
        _REFRESH,
    ),
    FaultyUe(
        "goes_on_after_a_refused_refresh",
        "Shows the old access token again when a refresh was refused.",
        made_of(identity=GoesOnAfterRefusal),
        "TS33180-B.5.3-02",
        _REFRESH,
    ),
    FaultyUe(
        "uses_tokens_past_their_lifetime",
        "Shows its access token until somebody refuses it.",
        made_of(identity=NeverRenews),
        "TS33180-B.12-01",
        _LIFETIME,
        ("TS33180-B.12-03",),
    ),
    FaultyUe(
        "drops_its_token_at_the_end",
        "Asks for documents without a token once its token is over.",
        made_of(xcap=DropsToken),
        "TS33180-B.12-03",
        _LIFETIME,
    ),
    FaultyUe(
        "repeats_refused_requests",
        "Sends a request that was refused again and again, with the same token.",
        made_of(identity=Stubborn),
        "TS24482-A.2.3-04",
        _LIFETIME,
        ("TS33180-D.3.1-02",),
    ),
    FaultyUe(
        "shows_its_id_token",
        "Shows its ID token to configuration server and group server.",
        made_of(xcap=ShowsIdToken),
        "TS33180-B.10-02",
        _USE,
    ),
    FaultyUe(
        "shows_its_refresh_token",
        "Shows its refresh token to the key server.",
        made_of(keys=ShowsRefreshToken),
        "RFC6749-10.4-01",
        _USE,
    ),
    FaultyUe(
        "acts_under_its_user_name",
        "Asks for the documents of its user name, and not of the identity in the ID token.",
        made_of(configuration=ActsUnderUserName),
        "TS33180-B.2.1.3-02",
        _USE,
    ),
)
