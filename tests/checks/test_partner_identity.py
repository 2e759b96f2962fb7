"""Tokens for a partner when something goes wrong."""

import json
from dataclasses import replace
from typing import Any

from muster.checks import partner_identity
from muster.evidence import HttpExchange
from tests.checks.exchanges import WINDOW, Case, cases, contact, http, post_form, read, token

refused = post_form({"grant_type": "x"}, name="E", status=400, at=10.0)
no_exchange = partner_identity.refused_exchange_ends_the_migration
no_token = partner_identity.refused_token_request_ends_the_migration
fresh = partner_identity.security_token_is_used_within_its_lifetime
anew = partner_identity.exchange_is_done_for_each_partner
keys = partner_identity.partner_key_server_sees_tokens_of_the_partner
renewed = partner_identity.refreshed_token_replaces_the_refused_one
SECURITY = token("security", place="body")
OLD = token(issuer="partner")
NEW = replace(OLD, label="masked-access-2")
turned_down = read("x", "U", system="partner", status=401, tokens=(OLD,), at=10.0)
refresh = post_form({"grant_type": "refresh_token"}, name="R", system="partner", at=12.0)


def presenting(at: float = 20.0, **more: Any) -> HttpExchange:
    form = {"grant_type": partner_identity.GRANT_JWT_BEARER}
    return post_form(form, name="T", system="overseas", tokens=[SECURITY], at=at, **more)


def exchanging(at: float = 10.0) -> HttpExchange:
    return post_form({"grant_type": partner_identity.GRANT_TOKEN_EXCHANGE}, name="E", at=at)


def given(lifetime: float, label: str = SECURITY.label) -> HttpExchange:
    """The response to an exchange, 9.5 s before its token is presented."""
    body = json.dumps({"access_token": label, "expires_in": lifetime}).encode()
    return replace(exchanging(9.5), response_body=body)


def after(**more: Any) -> HttpExchange:
    return read("x", "X9", **{"system": "partner", "tokens": (NEW,), "at": 20.0, **more})


CAME = [
    contact("idms", 12.0, "partner"),
    contact("cms", 5.0, "partner"),
    contact("cms", 12.0),
    contact("sip", 12.0, "partner"),  # it registers meanwhile
]
LATE = [contact("cms", 12.0, "partner")]
OBSERVED = "a connection to its cms server (accepted)"

ACCEPTED = (
    *(
        Case(f"{one.name} holds", one, (refused, CAME, "partner", WINDOW))
        for one in (no_exchange, no_token)
    ),  # type: ignore[attr-defined]
    Case("security token in time", fresh, ([given(8.5)], [presenting()])),
    Case("security token of another exchange", fresh, ([given(1.0, "other")], [presenting()])),
    Case("exchange before", anew, (exchanging(1.0), [exchanging(), presenting()], "overseas")),
    Case("token not asked for", anew, (exchanging(1.0), [], "overseas")),
    Case(
        "refresh at the partner, and what another partner gets",
        anew,
        (
            exchanging(1.0),
            [replace(refresh, system="overseas"), replace(presenting(), system="elsewhere")],
            "overseas",
        ),
    ),
    Case("keys with the partner's token", keys, ([after(server="kms")], "partner")),
    Case("new token used", renewed, (turned_down, refresh, [turned_down, after()])),
    Case("elsewhere", renewed, (turned_down, refresh, [after(system="primary", tokens=(OLD,))])),
)
REPORTED = (
    Case(
        "services contacted without a security token",
        no_exchange,
        (refused, LATE, "partner", WINDOW),
        (("TS33180-B.7.3-01", "no service of partner contacted", OBSERVED, "E"),),
    ),
    Case(
        "services contacted without an access token",
        no_token,
        (refused, LATE, "partner", WINDOW),
        (("TS33180-B.7.5-01", "no service of partner contacted", OBSERVED, "E"),),
    ),
    Case(
        "expired security token",
        fresh,
        ([given(7.5)], [presenting()]),
        (("TS33180-B.12-02", "a security token within its lifetime", "one that has expired", "T"),),
    ),
    *(
        Case(
            f"no exchange: {what} before",
            anew,
            (exchanging(1.0), [other, presenting()], "overseas"),
            (
                (
                    "TS33180-B.7.1-04",
                    "an exchange for overseas before",
                    "the security token of another one",
                    "T",
                ),
            ),
        )
        for what, other in (
            ("a refresh at the primary", replace(refresh, system="primary")),
            ("an exchange elsewhere", replace(exchanging(), system="elsewhere")),
        )
    ),
    Case(
        "security token of the last partner",
        anew,
        (exchanging(1.0), [presenting()], "overseas"),
        (
            (
                "TS33180-B.7.1-04",
                "an exchange for overseas before",
                "the security token of another one",
                "T",
            ),
        ),
    ),
    Case(
        "keys with the primary's token, and with none",
        keys,
        ([after(server="kms", tokens=(token(),)), http("/k", "X8", system="partner")], "partner"),
        (
            (
                "TS33180-B.9-03",
                "an access token of partner",
                "the access token of primary",
                "X9",
            ),
            ("TS33180-B.9-03", "an access token of partner", "no token", "X8"),
        ),
    ),
    Case(
        "refused token shown again",
        renewed,
        (turned_down, refresh, [after(tokens=(OLD,))]),
        (("TS33180-B.5.3-01", "the new access token", "the refused one", "X9"),),
    ),
)


@cases(*ACCEPTED, *REPORTED)
def test_tokens_for_a_partner(case: Case) -> None:
    case.judge()
