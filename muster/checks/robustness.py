"""What a UE bears: late, unusual and disturbed answers over HTTP, TLS and SIP.

Every check is told by an exchange that the disturbance came, and judges what the UE did after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import announced, bearer, names_document, told
from muster.evidence import Contact, Departure, Exchange, HttpExchange, SipExchange
from muster.judging import check

TOLERANCE = 0.1
"""Seconds by which clocks and schedulers may make a wait look shorter."""
LONGEST_T1 = 2.0
"""Seconds; 0.5 is the default of RFC 3261, and longer where the round trip may be (17.1.1.1).

Terminals of IMS take 2 s.
"""


def _goes_on(
    notify: SipExchange, requests: Sequence[HttpExchange], because: str
) -> Iterator[Departure]:
    """Report each announced document that was not asked for after the others came as they did."""
    for selector, etag in announced(notify).items():
        if etag and not any(names_document(request, selector) for request in requests):
            yield Departure(f"{selector} asked for: {because}", "not asked for")


# Answers in unusual form -----------------------------------------------------------------------


@check("RFC9112-7.1-01")
def decodes_chunks(notify: SipExchange, requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Documents that come in chunks do not end the retrieval of the others.

    `requests` are all requests for documents that followed the NOTIFY.
    """
    yield from _goes_on(notify, requests, "chunks are decoded")


@check("RFC9112-9.6-01")
def goes_on_over_another_connection(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Answers that end their connection do not end the retrieval of the other documents."""
    yield from _goes_on(notify, requests, "another connection serves as well")


@check("RFC9110-5.1-01")
def ignores_unknown_fields(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Header fields that nobody knows do not end the retrieval of the other documents."""
    yield from _goes_on(notify, requests, "unknown fields are ignored")


@check("RFC9110-5.3-01")
def takes_lists_in_several_lines(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A list in several header lines does not end the retrieval of the other documents."""
    yield from _goes_on(notify, requests, "several lines are one list")


# Late and busy servers -------------------------------------------------------------------------


@check("RFC5875-4.8-01")
def bears_late_documents(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Documents that come late are waited for: every one that was announced is asked for."""
    yield from _goes_on(notify, requests, "a late answer is an answer")


@check("TS33180-B.4.2.1-01")
def bears_a_late_identity_server(
    authentication: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """The sign-in goes on to the redemption of the code though every answer comes late."""
    if not any(request.form.get("grant_type") for request in requests):
        yield Departure("the code redeemed in the end", "no token request")


@check("TS33180-D.2.1-04")
def bears_a_late_key_server(
    first: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """The user's keys are asked for though the certificate comes late."""
    if not any("/keyprov" in request.decoded_path for request in requests):
        yield Departure("a request to keyprov", "none")


@check("RFC9110-10.2.3-01")
def waits_as_it_was_told(
    refusal: HttpExchange, requests: Sequence[HttpExchange], seconds: float
) -> Iterator[Departure]:
    """A request that was refused with Retry-After is not repeated before that time is over.

    `requests` are those for the same resource that followed; none is as right as a late one.
    """
    for request in requests:
        waited = request.started - refusal.ended
        if waited < seconds - TOLERANCE:
            expected = f"{seconds:g} s between refusal and repetition"
            yield Departure(expected, f"{waited:.2f} s", exchange=request)


# Disturbed and misleading answers --------------------------------------------------------------


@check("RFC6749-4.1.2-01")
def redeems_the_code_once(
    lost: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A code whose token response was lost is not sent a second time."""
    codes = {use.label for use in lost.tokens if use.kind == "code"}
    for request in requests:
        again = codes & {use.label for use in request.tokens if use.kind == "code"}
        if again:
            yield Departure("a code sent once", "the same code again", exchange=request)


@check("TS33180-B.7.1-01")
def takes_no_token_to_another_system(
    redirection: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A redirection does not make the UE show its access token to another MC system."""
    for request in requests:
        token = bearer(request)
        if token is not None and token.issuer != request.system and token.kind == "access":
            expected = f"no token of {token.issuer} at {request.system}"
            yield Departure(expected, told(token), exchange=request)


@check("TS33180-6.1.2-01")
def stays_with_tls(evidence: Exchange, contacts: Sequence[Contact]) -> Iterator[Departure]:
    """Requests for documents are made over TLS, wherever a redirection points."""
    for contact in contacts:
        if contact.event == "plain-http":
            observed = f"HTTP in the clear to {contact.system} {contact.server}"
            yield Departure("HTTP over TLS", observed)


# SIP -------------------------------------------------------------------------------------------


@check("RFC3261-17.1.2.2-01")
def repeats_a_request_over_udp(request: SipExchange) -> Iterator[Departure]:
    """A request over UDP that is not answered in T1, whatever that is for the UE, is sent again."""
    waited = request.ended - request.started
    late = waited > LONGEST_T1 + TOLERANCE
    if request.transport == "udp" and late and not request.facts.get("retransmissions"):
        expected = f"sent again after {LONGEST_T1:g} s at the latest"
        yield Departure(expected, f"sent once in {waited:.2f} s")


@check("RFC3261-8.2.2-01")
def ignores_unknown_sip_fields(notify: SipExchange) -> Iterator[Departure]:
    """A NOTIFY is accepted whatever header fields it carries that the UE does not know."""
    if notify.status is None or not 200 <= notify.status < 300:
        yield Departure("200", str(notify.status or "no answer"))


@check("RFC3261-8.2.2.3-01")
def refuses_what_it_does_not_support(notify: SipExchange, option: str) -> Iterator[Departure]:
    """A NOTIFY that requires an unknown extension is answered 420, and Unsupported names it."""
    answer = notify.responses[-1] if notify.responses else None
    if answer is None or answer.status != 420:
        yield Departure("420", str(notify.status or "no answer"))
    elif option not in (answer.header("Unsupported") or ""):
        yield Departure(f"Unsupported: {option}", answer.header("Unsupported") or "none")


@check("RFC3261-18.3-01")
def takes_a_long_message_whole(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A NOTIFY of many segments is answered, and all its documents are asked for."""
    if notify.status != 200:
        yield Departure("200", str(notify.status or "no answer"))
    else:
        yield from _goes_on(notify, requests, "a message ends where its length says")


@check("RFC3261-8.1.3.2-01")
def takes_an_unknown_success_for_200(
    register: SipExchange, later: Sequence[SipExchange]
) -> Iterator[Departure]:
    """A registration answered with an unknown status of the class of success is one."""
    if not any(request.method in ("SUBSCRIBE", "PUBLISH") for request in later):
        yield Departure(f"service after {register.status}", "no SUBSCRIBE, no PUBLISH")


@check("RFC3261-21.5.4-01")
def leaves_a_busy_server_alone(
    refusal: SipExchange, requests: Sequence[SipExchange], seconds: float
) -> Iterator[Departure]:
    """A server that answered 503 with Retry-After is sent nothing before that time is over."""
    for request in requests:
        waited = request.started - refusal.ended
        if waited < seconds - TOLERANCE:
            observed = f"{request.method} after {waited:.2f} s"
            yield Departure(f"nothing for {seconds:g} s", observed, exchange=request)


@check("RFC3263-4.1-01")
def registers_over_the_named_transport(
    register: SipExchange, transport: str
) -> Iterator[Departure]:
    """The transport that the URI of the server names is used."""
    if register.transport != transport:
        yield Departure(transport.upper(), register.transport.upper())
