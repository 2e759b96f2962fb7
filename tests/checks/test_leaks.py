"""Which system saw what: one rule set for tokens, credentials, identities and documents."""

from typing import Any

from muster.checks import leaks
from muster.evidence import Exchange, HttpExchange, TokenUse
from tests.checks.exchanges import (
    ALICE,
    OWN_SETTINGS,
    PROFILE,
    WINDOW,
    Case,
    cases,
    http,
    info,
    post_form,
    publish,
    read,
    register,
    resource_list,
    settings,
    subscribe,
    token,
)

DOMAINS = {
    "primary": "primary.example",
    "partner": "partner.example",
    "overseas": "overseas.example",
}
VISITOR = "sip:visitor@partner.example"
THEIRS = f"org.3gpp.mcptt.user-profile/users/{VISITOR}/mcptt-user-profile-5.xml"
LABEL = "masked-security-0f"
SECURITY = TokenUse(LABEL, "security", "primary", ALICE, (), False, "body")
start = read(PROFILE, "P1", at=1.0)
clean = leaks.no_system_sees_what_belongs_to_another


RESOURCE = "https://idms.partner.example/as/token"


def exchanged(resource: str = RESOURCE, grant: str = leaks.GRANT_TOKEN_EXCHANGE) -> HttpExchange:
    form = {"grant_type": grant, "resource": resource}
    made = post_form(form, name="X1", tokens=[token(place="body")])
    body = f'{{"access_token": "{LABEL}"}}'.encode()
    return HttpExchange(**{**vars(made), "response_body": body})


def presented(system: str = "partner", server: str = "idms") -> HttpExchange:
    return http("/as/token", "X2", "POST", system=system, server=server, tokens=[SECURITY])


ALIKE = {"primary": "mc.example", "partner": "partner.mc.example", "overseas": "mc.example.net"}
"""Domains that begin or end with another one."""
GUEST = "sip:visitor@mc.example.net"


def among_alike(*exchanges: Exchange) -> tuple[Any, ...]:
    return start, list(exchanges), ALIKE, WINDOW


def judged(*exchanges: Exchange) -> tuple[Any, ...]:
    return start, list(exchanges), DOMAINS, WINDOW


def shown(issuer: str, system: str, kind: str = "access") -> HttpExchange:
    return http("/x", "X9", system=system, tokens=[token(kind, issuer)])


ACCEPTED = (
    Case(
        "documents that a partner names, or that stand in what is no subscription",
        clean,
        judged(
            subscribe(PROFILE, system="partner", direction="to_ue"),
            publish((settings(), resource_list(PROFILE)), system="partner"),
        ),
    ),
    Case(
        "security token for a partner below the primary's domain",
        clean,
        among_alike(exchanged("https://idms.partner.mc.example/as/token"), presented()),
    ),
    Case(
        "identity of a partner whose domain begins like the primary's",
        clean,
        among_alike(
            register(system="overseas", to=GUEST),
            publish([info(("mcptt-request-uri", GUEST)), settings()], system="overseas", tokens=[]),
            subscribe(THEIRS.replace(VISITOR, GUEST), system="overseas", tokens=[]),
        ),
    ),
    Case(
        "each token where it belongs",
        clean,
        judged(
            start,
            exchanged(),
            presented(),
            register(system="partner", to=VISITOR),
            subscribe(THEIRS, system="partner"),
            read(THEIRS, system="partner"),
            publish(system="partner"),
        ),
    ),
    Case(
        "server that moved is the partner's all the same",
        clean,
        judged(exchanged(), presented(server="former-idms")),
    ),
    Case(
        "resource that names nobody tells no target",
        clean,
        judged(exchanged("urn:somebody"), presented("overseas")),
    ),
    Case(
        "resource of another grant tells no target",
        clean,
        judged(exchanged(grant="authorization_code"), presented("overseas")),
    ),
    Case(
        "another description of the same system is that system",
        clean,
        (*judged(exchanged(), presented("annex"), shown("partner", "annex")), {"annex": "partner"}),
    ),
    Case(
        "settings under the identity that the partner gave",
        clean,
        judged(publish((info(("mcptt-request-uri", VISITOR)), settings()), system="partner")),
    ),
    Case(
        "settings at home under the identity of home",
        clean,
        judged(publish((OWN_SETTINGS, settings()))),
    ),
    Case("ID token is no secret of a server", clean, judged(shown("partner", "primary", "id"))),
    Case("token of nobody is judged elsewhere", clean, judged(shown("", "partner", "unknown"))),
)
REPORTED = (
    Case(
        "identity of the primary, at a partner whose domain begins like it",
        clean,
        among_alike(register(system="overseas", to="sip:alice@mc.example")),
        ((leaks.IDENTITY, "an identity of overseas", "<sip:alice@mc.example>", "S1"),),
    ),
    Case(
        "security token for a partner below the primary's domain, at the primary",
        clean,
        among_alike(
            exchanged("https://idms.partner.mc.example/as/token"), presented("primary", "idms")
        ),
        (
            (
                leaks.SECURITY_TOKEN,
                "the security token for partner at its identity server only",
                "at the idms server of primary",
                "X2",
            ),
        ),
    ),
    Case(
        "access token of the primary at a partner",
        clean,
        judged(shown("primary", "partner")),
        (
            (
                "TS33180-B.7.1-01",
                "the access token of primary at primary only",
                "at the cms server of partner",
                "X9",
            ),
        ),
    ),
    Case(
        "refresh token of the primary at a partner",
        clean,
        judged(shown("primary", "partner", "refresh")),
        (
            (
                "TS33180-B.7.1-03",
                "the refresh token of primary at primary only",
                "at the cms server of partner",
                "X9",
            ),
        ),
    ),
    Case(
        "access token of a partner at the primary",
        clean,
        judged(shown("partner", "primary")),
        (
            (
                "TS33180-B.7.1-02",
                "the access token of partner at partner only",
                "at the cms server of primary",
                "X9",
            ),
        ),
    ),
    Case(
        "access token of one partner at another",
        clean,
        judged(shown("partner", "overseas")),
        (
            (
                "TS33180-B.7.1-06",
                "the access token of partner at partner only",
                "at the cms server of overseas",
                "X9",
            ),
        ),
    ),
    Case(
        "refresh token of a partner at the primary and at another partner",
        clean,
        judged(shown("partner", "primary", "refresh"), shown("partner", "overseas", "refresh")),
        tuple(
            (
                "TS33180-B.7.1-07",
                "the refresh token of partner at partner only",
                f"at the cms server of {system}",
                "X9",
            )
            for system in ("primary", "overseas")
        ),
    ),
    Case(
        "security token at another partner and at a service of its own",
        clean,
        judged(exchanged(), presented("overseas"), presented(server="cms")),
        tuple(
            (
                "TS33180-B.7.1-05",
                "the security token for partner at its identity server only",
                where,
                "X2",
            )
            for where in ("at the idms server of overseas", "at the cms server of partner")
        ),
    ),
    *(
        Case(
            f"{' and '.join(sent)} at a partner",
            clean,
            judged(post_form(sent, system="partner")),
            (
                (
                    "TS23280-10.6.3-01",
                    "the user's credentials at the primary only",
                    "at the idms server of partner",
                    "X1",
                ),
            ),
        )
        for sent in (
            {"username": "alice", "password": "masked"},
            {"username": "alice"},
            {"password": "masked"},
        )
    ),
    Case(
        "identity of the primary registered at a partner",
        clean,
        judged(register(system="partner")),
        (("TS23280-10.1.6.2-03", "an identity of partner", f"<{ALICE}>", "S1"),),
    ),
    Case(
        "settings at a partner under the identity of the primary",
        clean,
        judged(publish((OWN_SETTINGS, settings()), system="partner")),
        (
            (
                "TS23280-10.16.5-01",
                "an identity of partner",
                f"mcptt-request-uri {ALICE}",
                "S1",
            ),
        ),
    ),
    Case(
        "document of the primary asked of a partner, by request and by subscription",
        clean,
        judged(read(PROFILE, system="partner"), subscribe(PROFILE, system="partner")),
        (
            (
                "TS23280-10.1.1.2-38",
                "documents of partner only",
                f"/root/{PROFILE} of primary",
                "X1",
            ),
            ("TS23280-10.1.1.2-38", "documents of partner only", f"{PROFILE} of primary", "S1"),
        ),
    ),
    Case(
        "settings at a partner under the identity of the primary, by who knows the other",
        clean,
        judged(
            read(THEIRS, system="partner"),
            publish((OWN_SETTINGS, settings()), system="partner"),
        ),
        (
            (
                "TS23280-10.16.5-01",
                "an identity of partner",
                f"mcptt-request-uri {ALICE}",
                "S1",
            ),
        ),
    ),
    Case(
        "settings at a partner under the identity of the primary: the other stood in a URL there",
        clean,
        judged(
            http(f"/as/{VISITOR}", "X2", system="partner", server="idms"),
            publish((OWN_SETTINGS, settings()), system="partner"),
        ),
        (
            (
                "TS23280-10.16.5-01",
                "an identity of partner",
                f"mcptt-request-uri {ALICE}",
                "S1",
            ),
        ),
    ),
    Case(
        "document of the primary asked of a partner, by who knows its own there",
        clean,
        judged(read(THEIRS, system="partner"), read(PROFILE, "X2", system="partner")),
        (
            (
                "TS23280-10.1.1.2-38",
                "documents of partner only",
                f"/root/{PROFILE} of primary",
                "X2",
            ),
        ),
    ),
    Case(
        "document of a partner asked of another",
        clean,
        judged(read(THEIRS, system="overseas")),
        (
            (
                "TS23280-10.1.1.2-38",
                "documents of overseas only",
                f"/root/{THEIRS} of partner",
                "X1",
            ),
        ),
    ),
)


@cases(*ACCEPTED, *REPORTED)
def test_leak(case: Case) -> None:
    case.judge()
