"""Checks of the bootstrap."""

from muster.checks import bootstrap
from tests.checks.exchanges import Case, cases, contact, http, token

URI = "https://boot.primary.example:8443/b-1/org.3gpp.mcptt.ue-init-config/users/sip:ue-1/ue-1"
PATH = "/b-1/org.3gpp.mcptt.ue-init-config/users/sip:ue-1/ue-1"
asked = http(PATH, server="bootstrap")

ACCEPTED = (
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
)

REPORTED = (
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
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
