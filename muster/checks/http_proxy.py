"""What goes to the home HTTP proxy, and what past it (TS 24.482 A.2.1.2).

Requests to the key server are judged neither way: TS 33.180 6.1.1 lets TLS end there as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.evidence import Departure, HttpExchange
from muster.judging import check

PROXY = "proxy"
"""The server of a system under which its HTTP proxy is journalled."""


@check("TS24482-A.2.1.2-03")
def documents_are_asked_for_at_the_proxy(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Each request for a configuration or group document came to the HTTP proxy."""
    for request in requests:
        if request.server != PROXY:
            yield Departure(f"{request.method} at the HTTP proxy", request.server, exchange=request)


@check("TS24482-A.2.1.2-02")
def identity_server_is_asked_directly(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """No request for the identity server came to the HTTP proxy."""
    for request in requests:
        if request.server == PROXY:
            expected = f"{request.method} at the identity server"
            yield Departure(expected, "at the HTTP proxy", exchange=request)
