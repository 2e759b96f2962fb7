"""What goes to the home HTTP proxy, and what past it."""

from dataclasses import replace

from muster.checks import http_proxy
from tests.checks.exchanges import GROUP, PROFILE, Case, cases, post_form, read, read_group

documents = http_proxy.documents_are_asked_for_at_the_proxy
identity = http_proxy.identity_server_is_asked_directly

DIRECT = read(PROFILE)
PROXIED = replace(DIRECT, server="proxy")
TOKEN = post_form({"grant_type": "refresh_token"})
GROUP_DIRECT = read_group(GROUP)

ACCEPTED = (
    Case("documents at the proxy", documents, ([PROXIED, replace(GROUP_DIRECT, server="proxy")],)),
    Case("tokens at the identity server", identity, ([TOKEN],)),
)

REPORTED = (
    Case(
        "documents at their servers",
        documents,
        ([PROXIED, DIRECT],),
        (("TS24482-A.2.1.2-03", "GET at the HTTP proxy", "cms", DIRECT.name),),
    ),
    Case(
        "groups at their server",
        documents,
        ([GROUP_DIRECT],),
        (("TS24482-A.2.1.2-03", "GET at the HTTP proxy", "gms", GROUP_DIRECT.name),),
    ),
    Case(
        "tokens at the proxy",
        identity,
        ([TOKEN, replace(TOKEN, server="proxy")],),
        (("TS24482-A.2.1.2-02", "POST at the identity server", "at the HTTP proxy", TOKEN.name),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
