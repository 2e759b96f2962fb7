"""Checks of what holds for every request over HTTP."""

from muster.checks import transport
from tests.checks.exchanges import PROFILE, WINDOW, Case, cases, contact, http, read

readable = transport.requests_are_well_formed
asserts = transport.no_request_asserts_an_identity
CODE = http("/as/login", server="idms", status=302)
CLEAR = "HTTP over TLS", "HTTP in the clear to primary {}"
OVER_TLS = (
    (transport.authentication_goes_over_tls, "TS24482-6.2.1-01", "idms"),
    (transport.tokens_are_asked_for_over_tls, "TS24482-6.2.1-08", "idms"),
    (transport.keys_are_asked_for_over_tls, "TS33180-D.1-01", "kms"),
)


def hosts(*names: str):
    return http("/root", headers=tuple(("host", name) for name in names))


ACCEPTED = (
    Case("one Host", readable, ([hosts("cms.example")], [contact("cms", 9.0)])),
    Case("broken off", readable, ([], [contact("cms", 9.0, event="cut-short")])),
    Case("token alone", asserts, ([read(PROFILE)],)),
    *(
        Case(f"TLS {name}", check, (CODE, [contact(server, 9.0)], WINDOW))
        for check, name, server in OVER_TLS
    ),
)

REPORTED = (
    Case(
        "no Host",
        readable,
        ([hosts()], []),
        (("TS24482-A.2.1.1-01", "one Host", "no Host", "X1"),),
    ),
    Case(
        "two Hosts",
        readable,
        ([hosts("a", "b")], []),
        (("TS24482-A.2.1.1-01", "one Host", "2 Host", "X1"),),
    ),
    Case(
        "no HTTP",
        readable,
        ([], [contact("cms", 9.0, event="unparsed")]),
        (
            (
                "TS24482-A.2.1.1-01",
                "an HTTP request",
                "octets that are none, to primary cms",
                "",
            ),
        ),
    ),
    Case(
        "asserted identity",
        asserts,
        ([http("/root", headers=(("X-3GPP-Asserted-Identity", "sip:alice"),))],),
        (("TS24482-A.2.2.2-01", "no X-3GPP-Asserted-Identity", "sip:alice", "X1"),),
    ),
    *(
        Case(
            f"in the clear {name}",
            check,
            (CODE, [contact(server, 9.0, event="plain-http")], WINDOW),
            ((name, CLEAR[0], CLEAR[1].format(server), "X1"),),
        )
        for check, name, server in OVER_TLS
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
