"""Header fields of SIP requests as the MC server reads them; what cannot be read is not there."""

from __future__ import annotations

import secrets

from muster.protocol.sip.fields import (
    Address,
    SipSyntaxError,
    parse_address,
    parse_number,
    with_parameter,
)
from muster.protocol.sip.message import SipRequest

LONGEST = 4_294_967_295
"""Seconds that a lifetime may have (RFC 3261 20.19)."""
USUAL = 3600
"""Seconds that are granted when a request asks for none, or for something that is no number."""


def address(request: SipRequest, name: str) -> Address | None:
    try:
        return parse_address(request.headers.get(name) or "")
    except SipSyntaxError:
        return None


def identity(request: SipRequest, name: str) -> str:
    """Return the URI of From, To or another field with one address; empty when there is none."""
    found = address(request, name)
    return found.uri if found else ""


def is_in_dialog(request: SipRequest) -> bool:
    found = address(request, "To")
    return found is not None and "tag" in found.parameters


def package(request: SipRequest) -> str:
    """Return the event package without its parameters."""
    return (request.headers.get("Event") or "").partition(";")[0].strip().lower()


def lifetime(request: SipRequest, contact: str = "", usual: int = USUAL) -> int:
    """Expires of the Contact, then of the message (RFC 3261 10.2.1.1)."""
    for value in (_of_contact(contact), request.headers.get("Expires")):
        if value is not None:
            try:
                return parse_number(value.strip(), LONGEST)
            except SipSyntaxError:
                return USUAL  # 10.3: a malformed value counts as 3600
    return usual


def with_lifetime(contact: str, seconds: int) -> str:
    """A Contact with the lifetime that is granted in place of the one that it asks for."""
    return f"{with_parameter(contact, 'expires')};expires={seconds}"


def entity_tag() -> tuple[str, str]:
    return "SIP-ETag", secrets.token_hex(6)


def _of_contact(contact: str) -> str | None:
    try:
        return parse_address(contact).parameters.get("expires") if contact else None
    except SipSyntaxError:
        return None
