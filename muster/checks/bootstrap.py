"""Bootstrap: the configuration comes first, from the configured server, and decides the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from muster.checks.reading import came_from
from muster.evidence import Contact, Departure, Exchange, HttpExchange, SipExchange, Window
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


# Without a configuration -----------------------------------------------------------------------


def _arrivals(contacts: Sequence[Contact]) -> Iterator[Contact]:
    """Yield what tells that a UE came to a server which only a configuration could name."""
    return (c for c in contacts if c.server != "bootstrap" and c.event in ("accepted", "open"))


@check("TS23280-10.1.1.1-01")
def goes_no_further_without_configuration(
    evidence: HttpExchange, contacts: Sequence[Contact], window: Window
) -> Iterator[Departure]:
    """A UE that was given no usable initial configuration contacts no application plane server.

    `evidence` is a bootstrap request of this UE, `contacts` what came to servers in the window.
    """
    for contact in _arrivals(contacts):
        observed = f"a connection to {contact.system} {contact.server}"
        yield Departure("no server contacted without a configuration", observed)


@check("TS24484-6.2.2-01")
def sends_no_plain_http(evidence: Exchange, contacts: Sequence[Contact]) -> Iterator[Departure]:
    """The configuration management client speaks HTTP over TLS and never in the clear.

    `evidence` shows that the UE acted, `contacts` what came to servers of configurations since.
    """
    for contact in contacts:
        if contact.event == "plain-http":
            observed = f"HTTP in the clear to {contact.system} {contact.server}"
            yield Departure("HTTP over TLS", observed)


@check("TS24484-7.2.1-53")
def stays_with_the_provisioned_system(
    redirection: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A redirection to the bootstrap server of another MC system is not followed."""
    for request in requests:
        if request.system != redirection.system:
            observed = f"a request to {request.system} {request.server}"
            yield Departure(f"no system but {redirection.system}", observed, exchange=request)


@check("RFC9110-15.5-01")
def takes_no_document_out_of_a_refusal(
    refusal: HttpExchange, contacts: Sequence[Contact]
) -> Iterator[Departure]:
    """A document that comes with an error status is not used."""
    yield from _used(contacts, f"a document that came with {refusal.status}")


@check("RFC9110-15-01")
def takes_an_unknown_refusal_for_a_refusal(
    refusal: HttpExchange, contacts: Sequence[Contact]
) -> Iterator[Departure]:
    """A document that comes with an unknown status of the classes of errors is not used."""
    yield from _used(contacts, f"a document that came with {refusal.status}")


@check("RFC9112-6.3-01")
def takes_no_half_for_a_whole(
    answer: HttpExchange, contacts: Sequence[Contact]
) -> Iterator[Departure]:
    """A document whose end never came is not used."""
    yield from _used(contacts, "a document without its end")


@check("TS24484-7.2.1-55")
def leaves_the_document_of_others(
    bootstrap: HttpExchange, contacts: Sequence[Contact]
) -> Iterator[Departure]:
    """An initial configuration that names other UEs only is not used."""
    yield from _used(contacts, "a document for another UE")


def _used(contacts: Sequence[Contact], what: str) -> Iterator[Departure]:
    for contact in _arrivals(contacts):
        observed = f"a connection to {contact.system} {contact.server}"
        yield Departure(f"{what} left alone", observed)
        return


# With a configuration that is right ------------------------------------------------------------

DOCUMENT = ("FACT-initial-configuration-document",)


def _goes_on(requests: Sequence[HttpExchange], system: str, because: str) -> Iterator[Departure]:
    """Report when nobody came to the identity server, though the user wanted to sign in."""
    if not any((request.system, request.server) == (system, "idms") for request in requests):
        yield Departure(f"the user signs in: {because}", "no request to the identity server")


@check("TS24484-7.2.2.3-51", through=DOCUMENT)
def uses_a_document_with_extensions(
    bootstrap: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A document with extensions that the UE does not know is used.

    `requests` are all that followed the document, when the user wanted to sign in.
    """
    yield from _goes_on(requests, bootstrap.system, "extensions are ignored")


@check("TS24484-7.2.2.3-52", through=DOCUMENT)
def uses_a_document_without_service_details(
    bootstrap: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A document of the first releases, without service details, is enough to sign in."""
    yield from _goes_on(requests, bootstrap.system, "service details are optional")


@check("TS24484-7.2.2.3-53", through=DOCUMENT)
def uses_a_document_in_another_order(
    bootstrap: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A document is used whatever the order of the parts of its root."""
    yield from _goes_on(requests, bootstrap.system, "the schema leaves the order open")


@check("TS24484-7.2.2.3-54", through=DOCUMENT)
def uses_a_document_with_a_default_profile(
    bootstrap: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A document that names a default user profile is enough to sign in with one's own."""
    yield from _goes_on(requests, bootstrap.system, "a default user profile is optional")


@check("TS24484-7.2.1-54", through=DOCUMENT)
def uses_the_document_of_this_ue(
    bootstrap: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A document that names this UE by its instance ID is used."""
    yield from _goes_on(requests, bootstrap.system, "the document is for this UE")


@check("RFC9110-15-01")
def takes_an_unknown_success_for_a_success(
    bootstrap: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A document that comes with an unknown status of the class of success is used."""
    yield from _goes_on(requests, bootstrap.system, f"{bootstrap.status} is a success")


@check("TS33310-E.1-01")
def speaks_tls_1_2(evidence: HttpExchange, requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """A server that speaks TLS 1.2 and no later version is asked all the same.

    `evidence` shows that this UE asks that server; `requests` are those that reached it since.
    """
    if not requests:
        yield Departure("a request over TLS 1.2", "none")


@check("TS33310-E.1-02")
def speaks_tls_1_3(evidence: HttpExchange, requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """A server that speaks TLS 1.3 only is asked all the same."""
    if not requests:
        yield Departure("a request over TLS 1.3", "none")


@check("RFC8996-5-01")
def speaks_no_tls_before_1_2(
    evidence: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """No request is sent over a version of TLS before 1.2."""
    for request in requests:
        if request.tls.startswith(("TLSv1 ", "TLSv1.1 ", "SSLv")):
            yield Departure("TLS 1.2 or later", request.tls, exchange=request)


# What it names is used -------------------------------------------------------------------------


@check("TS24482-6.2.1-07")
def redeems_at_the_named_endpoint(
    login: HttpExchange, requests: Sequence[HttpExchange], endpoint: str
) -> Iterator[Departure]:
    """The code is redeemed at the token endpoint of the configuration, wherever others are.

    `requests` are the requests with a code that followed the login.
    """
    wanted = unquote(urlsplit(endpoint).path)
    for request in requests:
        if request.decoded_path != wanted:
            yield Departure(wanted, request.decoded_path, exchange=request)


@check("RFC6749-3.1-02")
def keeps_the_query_of_the_endpoint(
    request: HttpExchange, parameter: str, value: str
) -> Iterator[Departure]:
    """A query that the configured authorisation endpoint has is part of the request."""
    if {**request.query, **request.form}.get(parameter) != value:
        asked = ", ".join(request.query) or "no query"
        yield Departure(f"{parameter}={value}", asked)


@check("TS23280-10.1.1.1-06", through=("FACT-server-uri",))
def registers_at_the_named_server(
    bootstrap: HttpExchange, registers: Sequence[SipExchange]
) -> Iterator[Departure]:
    """SIP goes to the MC service server that the initial configuration names."""
    for register in registers:
        if register.server != "sip":
            observed = f"the {register.server} server"
            yield Departure("the server of the configuration", observed, exchange=register)


@check("TS23280-10.1.1.1-10")
def takes_the_named_connection(
    bootstrap: HttpExchange, requests: Sequence[HttpExchange], source: str
) -> Iterator[Departure]:
    """What follows the configuration comes from the address of the PDN connection in it.

    `source` is that address, as the IXIT has it.
    """
    for request in requests:
        came = came_from(request)
        if came and came != source:
            yield Departure(f"from {source}", f"from {came}", exchange=request)
            return
