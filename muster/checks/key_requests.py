"""Keys: order, contents and repetition of requests to the KMS (TS 33.180 annex D)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote

from muster.checks.reading import root_of, text_of
from muster.evidence import Departure, HttpExchange, SipExchange, Window
from muster.judging import check

MANY = 10
"""The same request more often than this is no attempt any more."""
SKEW = 30.0
"""Seconds by which clocks may differ."""


def is_for(request: HttpExchange, resource: str) -> bool:
    """Whether the request is for a resource of the KMS, as "init" or "keyprov"."""
    rest = unquote(request.path).partition("/keymanagement/identity/v1/")[2]
    return rest.partition("/")[0] == resource


@check("TS33180-D.2.4-01")
def keys_are_asked_for_after_the_certificate(
    requests: Sequence[HttpExchange],
) -> Iterator[Departure]:
    """The user's keys are asked for once the certificate of the KMS is there."""
    certificates = [r.ended for r in requests if is_for(r, "init") and r.status == 200]
    for request in requests:
        if is_for(request, "keyprov") and not any(e <= request.started for e in certificates):
            yield Departure("the certificate first", "keys asked for before it", exchange=request)


@check("TS33180-D.2.2-04")
def kms_uri_names_the_key_server(
    requests: Sequence[HttpExchange], host: str
) -> Iterator[Departure]:
    """KmsUri is the URI of the key server that is asked: its host, in whatever form."""
    for request in requests:
        named = text_of(root_of(request.body), "KmsUri")
        if named is not None and host.lower() not in named.lower():
            yield Departure(f"a URI of {host}", named, exchange=request)


@check("TS33180-D.2.2-06")
def time_is_that_of_the_request(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Time is the time of the request, as exactly as clocks agree."""
    for request in requests:
        written = text_of(root_of(request.body), "Time")
        moment = _moment(written or "")
        if moment is not None and abs(moment - request.started) > SKEW:
            now = datetime.fromtimestamp(request.started, UTC).isoformat(timespec="seconds")
            yield Departure(now, written or "", exchange=request)


def _moment(written: str) -> float | None:
    """Return a time with its zone in seconds since 1970; None for any other text."""
    try:
        read = datetime.fromisoformat(written)
        return read.timestamp() if read.tzinfo else None
    except (ValueError, OverflowError):
        return None


@check("TS33180-D.2.2-07")
def body_is_said_to_be_xml(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """A request to the KMS says that its body is XML."""
    for request in requests:
        said = request.header("Content-Type") or ""
        kind = said.partition(";")[0].strip().lower()
        if kind not in ("application/xml", "text/xml") and not kind.endswith("+xml"):
            yield Departure("application/xml", said or "no Content-Type", exchange=request)


@check("TS33180-D.1-02")
def extension_is_passed_over(
    response: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A response with an extension is used: after the certificate the keys are asked for."""
    if not any(is_for(request, "keyprov") for request in requests):
        yield Departure("a request for keys", "none", exchange=response)


@check("TS33180-D.3.1-02")
def unserved_request_is_not_repeated_without_end(
    requests: Sequence[HttpExchange], window: Window
) -> Iterator[Departure]:
    """A request that the key server did not serve is not sent again and again."""
    for path, count in Counter(request.path for request in requests).items():
        if count > MANY:
            first = next(request for request in requests if request.path == path)
            yield Departure("a few attempts at most", f"{path} {count} times", exchange=first)


TRANSPORT_KEY = ("FACT-kms-transport-key",)


@check("TS33180-D.2.2-08", through=TRANSPORT_KEY)
def requests_name_the_transport_key(
    requests: Sequence[HttpExchange], name: str
) -> Iterator[Departure]:
    """Each request to the KMS names the transport key that keys may be encrypted under."""
    for request in requests:
        named = text_of(root_of(request.body), "TrK-ID")
        if named != name:
            yield Departure(f"TrK-ID {name}", named or "none", exchange=request)


def _goes_on(
    response: HttpExchange, asked: Sequence[SipExchange], because: str
) -> Iterator[Departure]:
    if not asked:
        observed = "no request for service authorisation"
        yield Departure(f"service with these keys: {because}", observed, exchange=response)


@check("TS33180-D.3.3-01")
def keys_of_several_periods_are_taken(
    response: HttpExchange, asked: Sequence[SipExchange]
) -> Iterator[Departure]:
    """A response with key sets of several periods is used; `asked` are authorisations."""
    yield from _goes_on(response, asked, "a response may have several key sets")


@check("TS33180-D.1-03", through=TRANSPORT_KEY)
def encrypted_keys_are_taken(
    response: HttpExchange, asked: Sequence[SipExchange]
) -> Iterator[Departure]:
    """Keys that are encrypted under the transport key are used; `asked` are authorisations."""
    yield from _goes_on(response, asked, "the terminal has the transport key")
