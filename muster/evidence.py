"""What was seen, as plain values: exchanges, windows of time, findings and judgements."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote

Json: TypeAlias = Any
Fields: TypeAlias = tuple[tuple[str, str], ...]

_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^/?]*")


def header(fields: Fields, name: str) -> str | None:
    """Return the first value of a header field, or None; names compare without case."""
    wanted = name.lower()
    return next((value for key, value in fields if key.lower() == wanted), None)


def path_and_query(target: str) -> tuple[str, str]:
    """Split a request target, still escaped; it may be a whole URI (RFC 9112 3.2.2)."""
    origin = _ORIGIN.match(target)
    path, _, query = target[origin.end() if origin else 0 :].partition("?")
    return (path or "/") if origin else path, query


@dataclass(frozen=True)
class TokenUse:
    """A token that an exchange carried, told apart by a keyed digest; its value is masked."""

    label: str
    kind: str
    """access, refresh, id, security, code, or unknown (issued by nobody in this world)."""
    issuer: str
    """Name of the system that issued it; empty when unknown."""
    owner: str
    """MC service ID (or user name) that it was issued for; empty when unknown."""
    scopes: tuple[str, ...]
    expired: bool
    place: str
    """authorization, query, body or header."""


@dataclass(frozen=True)
class HttpExchange:
    """One HTTP request with its response as a stub saw it, masked."""

    name: str
    started: float
    ended: float
    system: str
    server: str
    connection: str
    method: str
    target: str
    """Path and query exactly as sent, undecoded."""
    headers: Fields
    body: bytes
    status: int | None
    """None: the stub deliberately gave no answer."""
    response_headers: Fields
    response_body: bytes
    tls: str
    tokens: tuple[TokenUse, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)
    kind: str = "http"

    @property
    def path(self) -> str:
        return path_and_query(self.target)[0]

    @property
    def decoded_path(self) -> str:
        """Percent-decoded: clients differ in whether they escape ":" and "@" of an XUI."""
        return unquote(self.path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(path_and_query(self.target)[1], keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """Fields of a form-urlencoded body; empty for any other body."""
        if "form-urlencoded" not in (self.header("Content-Type") or "").lower():
            return {}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def header(self, name: str) -> str | None:
        return header(self.headers, name)

    def response_header(self, name: str) -> str | None:
        return header(self.response_headers, name)

    @property
    def summary(self) -> str:
        return f"{self.method} {self.target}"


@dataclass(frozen=True)
class SipAnswer:
    """One response to a SIP request."""

    status: int
    reason: str
    headers: Fields
    body: bytes

    def header(self, name: str) -> str | None:
        return header(self.headers, name)


@dataclass(frozen=True)
class SipExchange:
    """One SIP request with its responses as the stub saw them, masked."""

    name: str
    started: float
    ended: float
    system: str
    server: str
    connection: str
    direction: str
    """from_ue or to_ue."""
    transport: str
    method: str
    request_uri: str
    headers: Fields
    body: bytes
    responses: tuple[SipAnswer, ...]
    tokens: tuple[TokenUse, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)
    kind: str = "sip"

    def header(self, name: str) -> str | None:
        return header(self.headers, name)

    @property
    def status(self) -> int | None:
        """Status of the last response; None when none came."""
        return self.responses[-1].status if self.responses else None

    @property
    def summary(self) -> str:
        return f"{self.method} {self.request_uri}"


Exchange: TypeAlias = HttpExchange | SipExchange


@dataclass(frozen=True)
class Contact:
    """A connection that reached a server, whatever became of it."""

    system: str
    server: str
    connection: str
    event: str
    """accepted, tls-established, tls-failed, plain-http, unparsed, cut-short, open, closed,
    reset."""
    time: float


@dataclass(frozen=True)
class Window:
    """The time that a check of absence covers; it begins after evidence that the UE acted."""

    begins: float
    ends: float
    scale: float
    """Clock scale of the IXIT under which the window was waited."""
    after: str
    """What proved that the UE acted, in words."""


@dataclass(frozen=True)
class Departure:
    """How an exchange departs from what a requirement demands."""

    expected: str
    observed: str
    requirement: str = ""
    """Empty: the only requirement that the check cites."""
    exchange: Exchange | None = None
    """None: the first exchange that the check was given."""
    through: tuple[str, ...] = ()
    """Facts of the catalogue through which this is observed, beyond those of the check."""


@dataclass(frozen=True)
class Finding:
    """A departure as it is kept: which requirement, what was expected, what was seen, and where."""

    requirement: str
    expected: str
    observed: str
    exchange: str
    through: tuple[str, ...] = ()
    severity: str = ""
    """FAIL or WARNING once the catalogue has spoken; empty before."""

    def __str__(self) -> str:
        return (
            f"{self.requirement}: expected {self.expected}, observed {self.observed}"
            f" [{self.exchange}]"
        )


@dataclass(frozen=True)
class Judgement:
    """What a check returns and the journal keeps; enough to run the check again."""

    check: str
    requirements: tuple[str, ...]
    arguments: Mapping[str, Json]
    exchanges: tuple[str, ...]
    findings: tuple[Finding, ...]
    statement: str = ""
