"""What holds for every request over HTTP: its form, its connection, what it claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.evidence import Contact, Departure, HttpExchange, Window
from muster.judging import check

ASSERTED = "X-3GPP-Asserted-Identity"


@check("TS24482-A.2.1.1-01")
def requests_are_well_formed(
    requests: Sequence[HttpExchange], contacts: Sequence[Contact]
) -> Iterator[Departure]:
    """Each request is HTTP/1.1 that can be read, and says in one Host whom it is for.

    `contacts` are those with servers of HTTP.
    """
    for contact in contacts:
        if contact.event == "unparsed":
            observed = f"octets that are none, to {contact.system} {contact.server}"
            yield Departure("an HTTP request", observed)
    for request in requests:
        count = sum(name.lower() == "host" for name, _ in request.headers)
        if count != 1:
            yield Departure("one Host", f"{count or 'no'} Host", exchange=request)


@check("TS24482-A.2.2.2-01")
def no_request_asserts_an_identity(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """A UE shows its token, and asserts no identity by a header field of its own."""
    for request in requests:
        asserted = request.header(ASSERTED)
        if asserted is not None:
            yield Departure(f"no {ASSERTED}", asserted, exchange=request)


def _in_the_clear(contacts: Sequence[Contact]) -> Iterator[Departure]:
    for contact in contacts:
        if contact.event == "plain-http":
            observed = f"HTTP in the clear to {contact.system} {contact.server}"
            yield Departure("HTTP over TLS", observed)


@check("TS24482-6.2.1-01")
def authentication_goes_over_tls(
    evidence: HttpExchange, contacts: Sequence[Contact], window: Window
) -> Iterator[Departure]:
    """Authentication is asked for over TLS.

    `contacts` are those with the identity server before it gave a code.
    """
    yield from _in_the_clear(contacts)


@check("TS24482-6.2.1-08")
def tokens_are_asked_for_over_tls(
    evidence: HttpExchange, contacts: Sequence[Contact], window: Window
) -> Iterator[Departure]:
    """Tokens are asked for over TLS.

    `contacts` are those with the identity server after it gave a code.
    """
    yield from _in_the_clear(contacts)


@check("TS33180-D.1-01")
def keys_are_asked_for_over_tls(
    evidence: HttpExchange, contacts: Sequence[Contact], window: Window
) -> Iterator[Departure]:
    """Certificate and keys are asked for over TLS; `contacts` are those with the key server."""
    yield from _in_the_clear(contacts)
