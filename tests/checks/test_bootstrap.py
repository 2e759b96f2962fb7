"""Checks of the bootstrap."""

from dataclasses import replace

from muster.checks import bootstrap
from tests.checks.exchanges import (
    WINDOW,
    Case,
    Report,
    cases,
    contact,
    http,
    post_form,
    register,
    token,
)

URI = "https://boot.primary.example:8443/b-1/org.3gpp.mcptt.ue-init-config/users/sip:ue-1/ue-1"
PATH = "/b-1/org.3gpp.mcptt.ue-init-config/users/sip:ue-1/ue-1"
asked = http(PATH, server="bootstrap")
refused = http(PATH, server="bootstrap", status=404)
came = [contact("bootstrap", 9.0), contact("idms", 12.0, event="tls-failed")]
went_on = [contact("idms", 12.0)]
in_the_clear = [contact("bootstrap", 12.0, event="plain-http")]
signing_in = http("/as/authorize?tenant=county", "X2", server="idms")
OBSERVED = "a connection to primary idms"
SILENT = "no request to the identity server"


def left_alone(requirement: str, what: str) -> tuple[Report, ...]:
    return ((requirement, f"{what} left alone", OBSERVED, "X1"),)


def goes_on(requirement: str, because: str) -> tuple[Report, ...]:
    return ((requirement, f"the user signs in: {because}", SILENT, "X1"),)


USED = (
    (
        bootstrap.takes_no_document_out_of_a_refusal,
        "RFC9110-15.5-01",
        "a document that came with 404",
    ),
    (
        bootstrap.takes_an_unknown_refusal_for_a_refusal,
        "RFC9110-15-01",
        "a document that came with 404",
    ),
    (bootstrap.takes_no_half_for_a_whole, "RFC9112-6.3-01", "a document without its end"),
    (bootstrap.leaves_the_document_of_others, "TS24484-7.2.1-55", "a document for another UE"),
)
GOES_ON = (
    (bootstrap.uses_a_document_with_extensions, "TS24484-7.2.2.3-51", "extensions are ignored"),
    (
        bootstrap.uses_a_document_without_service_details,
        "TS24484-7.2.2.3-52",
        "service details are optional",
    ),
    (
        bootstrap.uses_a_document_in_another_order,
        "TS24484-7.2.2.3-53",
        "the schema leaves the order open",
    ),
    (
        bootstrap.uses_a_document_with_a_default_profile,
        "TS24484-7.2.2.3-54",
        "a default user profile is optional",
    ),
    (bootstrap.uses_the_document_of_this_ue, "TS24484-7.2.1-54", "the document is for this UE"),
    (bootstrap.takes_an_unknown_success_for_a_success, "RFC9110-15-01", "200 is a success"),
)

over = bootstrap.takes_the_named_connection
THERE = http("/as", server="idms", facts={"remote": "127.0.0.9"})
UNTOLD = http("/as", server="idms")

ACCEPTED = (
    Case("named connection", over, (asked, [THERE, UNTOLD], "127.0.0.9")),
    Case("provisioned address", bootstrap.asks_at_the_provisioned_address, (asked, URI)),
    Case(
        "escaped colon in the path",
        bootstrap.asks_at_the_provisioned_address,
        (http(PATH.replace(":", "%3A"), server="bootstrap"), URI),
    ),
    Case(
        "bootstrap server first, others later",
        bootstrap.bootstraps_before_any_other_contact,
        (asked, [contact("bootstrap", 9.0), contact("idms", 11.0)]),
    ),
    Case(
        "refused handshake and no request",
        bootstrap.trusts_only_the_certified_server,
        ([contact("cms", 12.0, event="tls-failed")], asked, []),
    ),
    Case(
        "access token in the header",
        bootstrap.sends_no_token_in_a_url,
        ([http("/d", tokens=[token()])],),
    ),
    Case(
        "authorisation code in a URL",
        bootstrap.sends_no_token_in_a_url,
        ([http("/cb?code=c", tokens=[token("code", place="query")])],),
    ),
    Case(
        "bootstrap server contacted, no other",
        bootstrap.goes_no_further_without_configuration,
        (refused, [contact("bootstrap", 12.0), contact("idms", 3.0, event="closed")], WINDOW),
    ),
    Case("refused handshake, nothing in the clear", bootstrap.sends_no_plain_http, (asked, came)),
    Case(
        "second request to the same system",
        bootstrap.stays_with_the_provisioned_system,
        (asked, [asked]),
    ),
    *(
        Case(f"{check.__name__}: no arrival elsewhere", check, (refused, came))
        for check, _, _ in USED
    ),
    *(
        Case(f"{check.__name__}: identity server asked", check, (asked, [signing_in]))
        for check, _, _ in GOES_ON
    ),
    Case("request over TLS 1.2", bootstrap.speaks_tls_1_2, (asked, [asked])),
    Case("request over TLS 1.3", bootstrap.speaks_tls_1_3, (asked, [asked])),
    Case("version that is in use", bootstrap.speaks_no_tls_before_1_2, (asked, [asked])),
    Case(
        "code redeemed at the named endpoint",
        bootstrap.redeems_at_the_named_endpoint,
        (signing_in, [post_form({}, "/as/redeem")], "https://idms.example/as/redeem"),
    ),
    Case(
        "query kept in the request",
        bootstrap.keeps_the_query_of_the_endpoint,
        (signing_in, "tenant", "county"),
    ),
    Case(
        "registration at the named server",
        bootstrap.registers_at_the_named_server,
        (asked, [register()]),
    ),
)

REPORTED = (
    Case(
        "another connection",
        over,
        (asked, [THERE], "127.0.0.8"),
        (("TS23280-10.1.1.1-10", "from 127.0.0.8", "from 127.0.0.9", "X1"),),
    ),
    Case(
        "another path",
        bootstrap.asks_at_the_provisioned_address,
        (http("/else", server="bootstrap"), URI),
        (("TS24484-7.2.1-52", f"GET {PATH}", "GET /else", "X1"),),
    ),
    Case(
        "POST instead of GET",
        bootstrap.asks_at_the_provisioned_address,
        (http(PATH, method="POST", server="bootstrap"), URI),
        (("TS24484-7.2.1-52", f"GET {PATH}", f"POST {PATH}", "X1"),),
    ),
    Case(
        "identity server contacted before the answer",
        bootstrap.bootstraps_before_any_other_contact,
        (asked, [contact("idms", 10.5)]),
        (
            (
                "TS23280-10.1.1.1-01",
                "no contact before the initial configuration was served",
                "a connection to primary idms (accepted)",
                "X1",
            ),
        ),
    ),
    Case(
        "request on a connection that is not trusted",
        bootstrap.trusts_only_the_certified_server,
        ([contact("cms", 12.0)], asked, [http("/d", "X2", status=None)]),
        (
            (
                "TS24482-A.2.1.2-01",
                "no request on a connection whose server certificate is not trusted",
                "GET /d",
                "X2",
            ),
        ),
    ),
    Case(
        "access token in the query",
        bootstrap.sends_no_token_in_a_url,
        ([asked, http("/d?access_token=m", "X2", tokens=[token(place="query")])],),
        (("RFC6750-5.3-01", "no access token in the URL", "/d?access_token=m", "X2"),),
    ),
    Case(
        "identity server contacted without a configuration",
        bootstrap.goes_no_further_without_configuration,
        (refused, went_on, WINDOW),
        (
            (
                "TS23280-10.1.1.1-01",
                "no server contacted without a configuration",
                OBSERVED,
                "X1",
            ),
        ),
    ),
    Case(
        "request in the clear",
        bootstrap.sends_no_plain_http,
        (asked, in_the_clear),
        (
            (
                "TS24484-6.2.2-01",
                "HTTP over TLS",
                "HTTP in the clear to primary bootstrap",
                "X1",
            ),
        ),
    ),
    Case(
        "redirection followed to another system",
        bootstrap.stays_with_the_provisioned_system,
        (asked, [http(PATH, "X2", system="neighbour", server="bootstrap")]),
        (
            (
                "TS24484-7.2.1-53",
                "no system but primary",
                "a request to neighbour bootstrap",
                "X2",
            ),
        ),
    ),
    *(
        Case(
            f"{check.__name__}: identity server contacted",
            check,
            (refused, went_on),
            left_alone(requirement, what),
        )
        for check, requirement, what in USED
    ),
    *(
        Case(
            f"{check.__name__}: nobody came",
            check,
            (asked, [asked]),
            goes_on(requirement, because),
        )
        for check, requirement, because in GOES_ON
    ),
    Case(
        "no request over TLS 1.2",
        bootstrap.speaks_tls_1_2,
        (asked, []),
        (("TS33310-E.1-01", "a request over TLS 1.2", "none", "X1"),),
    ),
    Case(
        "no request over TLS 1.3",
        bootstrap.speaks_tls_1_3,
        (asked, []),
        (("TS33310-E.1-02", "a request over TLS 1.3", "none", "X1"),),
    ),
    Case(
        "request over TLS 1.1",
        bootstrap.speaks_no_tls_before_1_2,
        (asked, [replace(asked, name="X2", tls="TLSv1.1 AES")]),
        (("RFC8996-5-01", "TLS 1.2 or later", "TLSv1.1 AES", "X2"),),
    ),
    Case(
        "code redeemed elsewhere",
        bootstrap.redeems_at_the_named_endpoint,
        (signing_in, [post_form({}, "/as/token", "X3")], "https://idms.example/as/redeem"),
        (("TS24482-6.2.1-07", "/as/redeem", "/as/token", "X3"),),
    ),
    Case(
        "query of the endpoint dropped",
        bootstrap.keeps_the_query_of_the_endpoint,
        (http("/as/authorize?state=s", server="idms"), "tenant", "county"),
        (("RFC6749-3.1-02", "tenant=county", "state", "X1"),),
    ),
    Case(
        "registration at the former server",
        bootstrap.registers_at_the_named_server,
        (asked, [replace(register(), server="former sip")]),
        (
            (
                "TS23280-10.1.1.1-06",
                "the server of the configuration",
                "the former sip server",
                "S1",
            ),
        ),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
