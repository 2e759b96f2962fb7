"""The form that every SIP request has, whatever it asks for (RFC 3261, RFC 2046)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.evidence import Departure, SipExchange
from muster.judging import check
from muster.protocol.sip.fields import SipSyntaxError, Via, parse_via, split_list
from muster.protocol.sip.multipart import MultipartError, read_parts

MANDATORY = ("To", "From", "CSeq", "Call-ID", "Max-Forwards", "Via")
COOKIE = "z9hG4bK"


@check("RFC3261-8.1.1-01")
def requests_carry_the_mandatory_fields(requests: Sequence[SipExchange]) -> Iterator[Departure]:
    """Each request carries the six header fields without which it is none."""
    for request in requests:
        for name in MANDATORY:
            if request.header(name) is None:
                expected = f"{name} in {request.method}"
                yield Departure(expected, "absent", exchange=request)


@check("RFC3261-8.1.1.7-01")
def branches_begin_with_the_cookie(requests: Sequence[SipExchange]) -> Iterator[Departure]:
    """The branch of each request says that it is unique in the sense of RFC 3261."""
    for request in requests:
        via = _top_via(request)
        branch = (via.branch or "no branch") if via else "no Via"
        if not branch.lower().startswith(COOKIE.lower()):
            yield Departure(f"a branch that begins with {COOKIE}", branch, exchange=request)


@check("RFC2046-5.1.1-01")
def bodies_keep_to_their_boundary(requests: Sequence[SipExchange]) -> Iterator[Departure]:
    """A body of several parts is parted and ended by the boundary that Content-Type names."""
    for request in requests:
        content_type = request.header("Content-Type") or ""
        if not content_type.lower().startswith("multipart/"):
            continue
        try:
            read_parts(content_type, request.body)
        except MultipartError as error:
            yield Departure("parts between boundaries", str(error), exchange=request)


def _top_via(request: SipExchange) -> Via | None:
    try:
        return parse_via(split_list(request.header("Via") or "")[0])
    except (SipSyntaxError, IndexError):
        return None
