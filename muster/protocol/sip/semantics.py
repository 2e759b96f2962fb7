"""What a message must say beyond its grammar: mandatory fields, ranges, agreement of fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from .fields import (
    SipSyntaxError,
    parse_address,
    parse_cseq,
    parse_media_type,
    parse_number,
    parse_via,
    split_list,
)

# Max-Forwards is not here: a server serves a request without it (RFC 3261 16.3), a check tells.
MANDATORY = ("Via", "From", "To", "Call-ID", "CSeq")
_SINGLE = (
    *("From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type"),
    *("Expires", "Min-Expires", "Event", "Date", "SIP-ETag", "SIP-If-Match", "Subscription-State"),
)
_WORD = r"""[A-Za-z0-9\-.!%*_+`'~()<>:\\"/\[\]?{}]+"""
_CALL_ID = re.compile(rf"{_WORD}(?:@{_WORD})?")
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} "
    r"[0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
    re.IGNORECASE,
)
_SECONDS = 2**32 - 1


class Fields(Protocol):
    """What is needed of a message's header fields."""

    def get(self, name: str) -> str | None: ...
    def items(self) -> list[tuple[str, str]]: ...


def check_message(headers: Fields, method: str | None) -> int | None:
    """Refuse what contradicts RFC 3261; return Content-Length. `method` is None for a response."""
    seen: set[str] = set()
    for name, value in headers.items():
        lower = name.lower()
        if lower in seen and lower in _SINGLE_NAMES:
            raise SipSyntaxError(f"{name} is given twice")
        seen.add(lower)
        check = _CHECKS.get(lower)
        if check is not None:
            _checked(name, check, value)
    missing = [name for name in MANDATORY if name.lower() not in seen]
    if missing:
        raise SipSyntaxError(f"{', '.join(missing)} missing")
    cseq = parse_cseq(headers.get("CSeq") or "")
    if method is not None and cseq.method != method:
        raise SipSyntaxError(f"CSeq names {cseq.method}, the request is {method}")
    length = headers.get("Content-Length")
    return None if length is None else parse_number(length, _SECONDS)


def _checked(name: str, check: Callable[[str], object], value: str) -> None:
    try:
        check(value)
    except SipSyntaxError as error:
        raise SipSyntaxError(f"{name}: {error}", error.status) from error


def _addresses(value: str) -> None:
    for element in split_list(value):
        parse_address(element)


def _contacts(value: str) -> None:
    if value != "*":
        _addresses(value)


def _vias(value: str) -> None:
    for element in split_list(value):
        parse_via(element)


def _call_id(value: str) -> None:
    if not _CALL_ID.fullmatch(value):
        raise SipSyntaxError("not a call identifier")


def _date(value: str) -> None:
    if not _DATE.fullmatch(value):
        raise SipSyntaxError("not a date of RFC 3261 20.17")


def _number(limit: int) -> Callable[[str], object]:
    return lambda value: parse_number(value, limit)


_SINGLE_NAMES = frozenset(name.lower() for name in _SINGLE)
_CHECKS: dict[str, Callable[[str], object]] = {
    "via": _vias,
    "from": parse_address,
    "to": parse_address,
    "contact": _contacts,
    "route": _addresses,
    "record-route": _addresses,
    "call-id": _call_id,
    "content-type": parse_media_type,
    "max-forwards": _number(255),
    "expires": _number(_SECONDS),
    "min-expires": _number(_SECONDS),
    "content-length": _number(_SECONDS),
    "date": _date,
}
