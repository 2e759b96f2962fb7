"""The ledger of every token that a world issues: whose it is and by whom, wherever it turns up."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote_plus

from muster.evidence import Fields, TokenUse, header
from muster.masking import Masker

SECRET_FIELDS = {
    "password": "password",
    "code": "code",
    "code_verifier": "verifier",
    "refresh_token": "token",
    "access_token": "token",
    "subject_token": "token",
    "actor_token": "token",
    "assertion": "token",
    "client_assertion": "token",
    "client_secret": "client-secret",
}
"""Form and query fields that carry a secret, known to us or not."""

BEARER = re.compile(rb"\bbearer[ \t]+([^\s,\"]+)", re.IGNORECASE)
ACCESS_TOKEN_ELEMENT = re.compile(
    rb"<(?:\w+:)?(?:mcptt|mcvideo|mcdata)-access-token\b[^>]*>\s*<(?:\w+:)?\w+String>\s*([^<\s]+)"
)

TOKEN_RUN = re.compile(rb"[A-Za-z0-9._~+/=-]{32,}")
"""Every token and code that is issued is at least this long, and of these characters."""


@dataclass(frozen=True)
class IssuedToken:
    """One token, code or assertion as its issuer made it."""

    value: str
    kind: str
    issuer: str
    owner: str
    """Her MCPTT ID: whose token it is, in evidence."""
    scopes: tuple[str, ...]
    expires: float
    """Seconds since 1970."""
    identities: Mapping[str, str] = field(default_factory=dict)
    """MC service ID by service."""

    def belongs_to(self, identity: str) -> bool:
        """Tell whether an MC service ID of any service is the owner's."""
        return identity == self.owner or identity in self.identities.values()

    def identity_for(self, service: str) -> str:
        return self.identities.get(service, self.owner)


class TokenLedger:
    """Shared by all systems of a world, so that a token of the wrong system is recognised."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._issued: dict[str, IssuedToken] = {}

    def issue(self, token: IssuedToken) -> IssuedToken:
        self._issued[token.value] = token
        self._masker.register(token.value, f"{token.kind}-token")
        return token

    def find(self, value: str) -> IssuedToken | None:
        return self._issued.get(value)

    def valid(self, value: str, kind: str, issuer: str) -> IssuedToken | None:
        """Return the token if it is of that kind and issuer and has not expired."""
        token = self._issued.get(value)
        if token is None or token.kind != kind or token.issuer != issuer:
            return None
        return token if token.expires > time.time() else None

    def forget_before(self, moment: float) -> None:
        """Forget every token that was over by then; the masker learns the others anew."""
        live = [token for token in self._issued.values() if token.expires >= moment]
        self._issued.clear()
        for token in live:
            self.issue(token)

    def expire(self, kind: str, issuer: str) -> None:
        """End the life of every token of that kind and issuer, whatever its holder was told."""
        for value, token in list(self._issued.items()):
            if token.kind == kind and token.issuer == issuer:
                self._issued[value] = replace(token, expires=0.0)

    def uses(self, headers: Fields, target: str, body: bytes) -> tuple[TokenUse, ...]:
        """Return every token the request carries, and make the masker know each secret of it."""
        found: dict[tuple[str, str], TokenUse] = {}
        for place, value, kind in self._candidates(headers, target, body):
            if kind == "token" or value in self._issued:
                found[place, value] = self._use(value, place)
            else:
                self._masker.register(value, kind)
        for value, spelled, kind in _spellings(headers, target, body):
            self._masker.register(value, kind, spelled)
        return tuple(found.values())

    def learn(self, data: bytes) -> None:
        """Make the masker know the bearer tokens in bytes that no parser took."""
        for match in BEARER.finditer(data):
            self._use(match.group(1).decode("utf-8", "replace"), "header")
        self.uses((), "", data)

    def _candidates(
        self, headers: Fields, target: str, body: bytes
    ) -> Iterator[tuple[str, str, str]]:
        scheme, _, credentials = (header(headers, "Authorization") or "").partition(" ")
        if scheme.lower() == "bearer" and credentials:
            yield "authorization", credentials.strip(), "token"
        for name, value in headers:
            if name.lower() == "cookie":
                for pair in value.split(";"):
                    yield "header", pair.partition("=")[2].strip(), "cookie"
        if "?" in target:
            yield from _fields("query", target.partition("?")[2])
        if "form-urlencoded" in (header(headers, "Content-Type") or "").lower():
            yield from _fields("body", body.decode("utf-8", "replace"))
        for match in ACCESS_TOKEN_ELEMENT.finditer(body):
            yield "body", match.group(1).decode("utf-8", "replace"), "token"
        # A known token anywhere else: in a header of another name, in a path, in a body.
        for value in self._known(_octets(target)):
            yield "query", value, "token"
        for name, text in headers:
            for value in self._known(_octets(text)):
                usual = name.lower() == "authorization" and scheme.lower() == "bearer"
                yield "authorization" if usual else "header", value, "token"
        for value in self._known(body):
            yield "body", value, "token"

    def _known(self, data: bytes) -> Iterator[str]:
        """Yield the issued tokens in a text; only runs of token characters can hold one."""
        for run in TOKEN_RUN.findall(data):
            text = run.decode("ascii")
            if text in self._issued:
                yield text
            else:
                yield from (value for value in self._issued if value in text)

    def _use(self, value: str, place: str) -> TokenUse:
        issued = self._issued.get(value)
        if issued is None:
            label = self._masker.register(value, "unknown-token")
            return TokenUse(label, "unknown", "", "", (), False, place)
        return TokenUse(
            label=self._masker.register(value, f"{issued.kind}-token"),
            kind=issued.kind,
            issuer=issued.issuer,
            owner=issued.owner,
            scopes=issued.scopes,
            expired=issued.expires <= time.time(),
            place=place,
        )


def _spellings(headers: Fields, target: str, body: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield (value, as written, kind) of secret fields: escaping is the client's choice."""
    texts = [target.partition("?")[2]] if "?" in target else []
    if "form-urlencoded" in (header(headers, "Content-Type") or "").lower():
        texts.append(body.decode("utf-8", "surrogateescape"))
    for text in texts:
        for pair in text.split("&"):
            name, _, spelled = pair.partition("=")
            kind = SECRET_FIELDS.get(unquote_plus(name))
            value = unquote_plus(spelled)
            if kind and value != spelled:
                yield value, spelled, kind


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _fields(place: str, text: str) -> Iterator[tuple[str, str, str]]:
    for name, value in parse_qsl(text):
        if name in SECRET_FIELDS and value:
            yield place, value, SECRET_FIELDS[name]
