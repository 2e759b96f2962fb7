"""Bootstrap: the initial UE configuration comes first and from the configured address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from muster.evidence import Contact, Departure, Exchange, HttpExchange
from muster.judging import check


@check("TS24484-7.2.1-52")
def asks_at_the_provisioned_address(bootstrap: HttpExchange, uri: str) -> Iterator[Departure]:
    """The initial configuration is asked for at the URI that the UE is provisioned with."""
    wanted = unquote(urlsplit(uri).path)
    if bootstrap.decoded_path != wanted or bootstrap.method != "GET":
        yield Departure(f"GET {wanted}", f"{bootstrap.method} {bootstrap.decoded_path}")


@check("TS23280-10.1.1.1-01")
def bootstraps_before_any_other_contact(
    bootstrap: HttpExchange, contacts: Sequence[Contact]
) -> Iterator[Departure]:
    """No application plane server is contacted before the initial configuration was served."""
    for contact in contacts:
        if contact.server != "bootstrap" and contact.time < bootstrap.ended:
            yield Departure(
                "no contact before the initial configuration was served",
                f"a connection to {contact.system} {contact.server} ({contact.event})",
            )


@check("TS24482-A.2.1.2-01")
def trusts_only_the_certified_server(
    contacts: Sequence[Contact], evidence: Exchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """No HTTP request is sent to a server whose certificate the UE cannot verify.

    `requests` are those that reached a server with such a certificate, `contacts` the connections
    to it; `evidence` shows that the UE acted.
    """
    for request in requests:
        expected = "no request on a connection whose server certificate is not trusted"
        yield Departure(expected, request.summary[:200], exchange=request)


@check("RFC6750-5.3-01")
def sends_no_token_in_a_url(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Access tokens do not stand in the URL of a request."""
    for request in requests:
        if any(use.place == "query" and use.kind == "access" for use in request.tokens):
            yield Departure("no access token in the URL", request.target[:200], exchange=request)
