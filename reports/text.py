"""Makes any text of a UE safe and honest to show: nothing invisible, nothing that steers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup, escape

from muster.evidence import TokenUse

MASKED = re.compile(r"masked-([a-z_-]+)-([0-9a-f]{12})")
SECRET_NAME = re.compile(r"(?i)password|passwd|passphrase|secret|token|credential|(^|_)(pin|key)$")
CREDENTIALS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)[^/@\s]+@")
"""User and password in the address of a server."""
COLOURS = 8

# C0, DEL and C1; bidirectional and other invisible format characters; separators that break lines.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Replace each character that would act instead of being seen by a sign for it."""
    return UNSEEN.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"


def finalize(value: Any) -> Any:
    """Pass everything that a template prints through `visible`, unless it is markup of ours."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def decoded(data: bytes) -> str:
    """Read bytes as UTF-8; what is none is shown as escapes. CR LF becomes a plain line end."""
    return data.decode("utf-8", "backslashreplace").replace("\r\n", "\n")


def short(text: str, limit: int) -> str:
    """Cut a text that is too long to show, and say how much is left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit} more characters)"


def clock(seconds: float | None) -> str:
    """Write a time as a date of the world's clock; the same for every reader of the report."""
    if seconds is None:
        return "never"
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, OSError, ValueError):
        return "at an impossible time"


def plain(value: Any) -> str:
    """Write a value of the journal for a person: lists and tables in a line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {plain(item)}" for name, item in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value) or "none"
    if value is None or isinstance(value, bool):
        return {True: "yes", False: "no", None: "not given"}[value]
    return str(value)


def discreet(value: Any) -> Any:
    """Leave out of a configuration what must not be read: it is shown to strangers.

    Secrets stand in a file of their own, which no journal holds; this is for one that somebody
    wrote where it does not belong. What was masked is no secret any more.
    """
    if isinstance(value, Mapping):
        return {name: _told_of(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [discreet(item) for item in value]
    return CREDENTIALS.sub(r"\1…@", value) if isinstance(value, str) else value


def _told_of(name: str, value: Any) -> Any:
    secret = isinstance(value, str) and SECRET_NAME.search(name) and not MASKED.fullmatch(value)
    return "not shown" if secret and value else discreet(value)


def marked(text: str, tokens: Mapping[str, TokenUse]) -> Markup:
    """Escape a text; show masked secrets in it as short labels, one colour per value."""

    def label(match: re.Match[str]) -> str:
        kind, digest = match.groups()
        known = tokens.get(match[0])
        told = describe(known) if known else f"{kind}, masked"
        colour = int(digest, 16) % COLOURS
        return Markup('<mark class="t t{}" title="{}">{}·{}</mark>').format(
            colour, finalize(told), kind, digest[:4]
        )

    return Markup(MASKED.sub(label, str(escape(visible(text)))))


def describe(token: TokenUse) -> str:
    """Say kind, issuer and owner of a token."""
    issuer = f"issued by {token.issuer}" if token.issuer else "issued by nobody here"
    owner = f" to {token.owner}" if token.owner else ""
    return f"{token.kind} token {issuer}{owner}{', expired' if token.expired else ''}"


def colour(token: TokenUse) -> int:
    match = MASKED.fullmatch(token.label)
    return int(match[2], 16) % COLOURS if match else 0


def differing(text: str, other: str) -> Markup:
    """Escape a text; underline what differs from the other if most of both is the same."""
    first = _common(text, other)
    last = _common(text[first:][::-1], other[first:][::-1])
    if first + last < 8 or first + last == len(text):
        return escape(visible(text))
    end = len(text) - last
    parts = (visible(part) for part in (text[:first], text[first:end], text[end:]))
    return Markup("{}<u>{}</u>{}").format(*parts)


def _common(text: str, other: str) -> int:
    """Length of the beginning that two texts share."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((at for at, (one, two) in pairs if one != two), min(len(text), len(other)))
