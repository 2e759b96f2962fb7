"""The order of a migration (TS 23.280 10.1.1.2, TS 33.180 annex C.2) as one table.

The checks of the order are made of it, and so are the pictures in docs/migration.md and in reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from muster.evidence import Exchange, HttpExchange, SipExchange
from muster.protocol.oidc import GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE

PRIMARY = "primary"
_ACCESS_TOKEN = re.compile(rb"<(?:[\w.-]+:)?mc(?:ptt|video|data)-access-token[\s/>]")


@dataclass(frozen=True)
class Step:
    """One step of a migration: who is asked for what."""

    key: str
    title: str
    server: str
    """Of the partner; with the system's name before it where it is the primary."""
    clause: str
    told: str
    """What the step is for, in words for somebody who has not read the clause."""
    is_one: Callable[[Exchange], bool]
    """Whether an exchange with the system of this step asks for it."""

    def system(self, partner: str) -> str:
        """The system that is asked for this step of a migration to that partner."""
        return PRIMARY if self.server.startswith(PRIMARY) else partner


@dataclass(frozen=True)
class Rule:
    """One step that comes only after another one succeeded."""

    later: str
    earlier: str
    requirement: str


def is_registration(exchange: Exchange) -> bool:
    """Whether a REGISTER asks for a registration, and does not end one."""
    if isinstance(exchange, HttpExchange) or exchange.method != "REGISTER":
        return False
    return (exchange.header("Expires") or "").strip() != "0"


def presents_token(exchange: SipExchange) -> bool:
    """Whether a body presents an access token for an MC service, whatever it is worth."""
    return any(use.place == "body" for use in exchange.tokens) or bool(
        _ACCESS_TOKEN.search(exchange.body)
    )


def _asks_with(grant: str) -> Callable[[Exchange], bool]:
    def is_one(exchange: Exchange) -> bool:
        of_idms = isinstance(exchange, HttpExchange) and exchange.server == "idms"
        return of_idms and exchange.form.get("grant_type") == grant  # type: ignore[union-attr]

    return is_one


def _is_configuration(exchange: Exchange) -> bool:
    return isinstance(exchange, HttpExchange) and exchange.server in ("cms", "gms")


def _is_profile(exchange: Exchange) -> bool:
    return _is_configuration(exchange) and "user-profile" in _path(exchange)


def _is_groups(exchange: Exchange) -> bool:
    return _is_configuration(exchange) and "/byGroup" in _path(exchange)


def _is_authorisation(exchange: Exchange) -> bool:
    if isinstance(exchange, HttpExchange) or exchange.method not in ("PUBLISH", "REGISTER"):
        return False
    return presents_token(exchange) and exchange.direction == "from_ue"


def _path(exchange: Exchange) -> str:
    return exchange.decoded_path if isinstance(exchange, HttpExchange) else ""


STEPS = (
    Step(
        "exchange",
        "security token",
        "primary idms",
        "TS 33.180 B.7.2",
        "The user's own system writes a letter of introduction to the partner.",
        _asks_with(GRANT_TOKEN_EXCHANGE),
    ),
    Step(
        "token",
        "access token of the partner",
        "idms",
        "TS 33.180 B.7.4",
        "The partner takes the letter and gives the user a token of its own: no password is asked.",
        _asks_with(GRANT_JWT_BEARER),
    ),
    Step(
        "registration",
        "registration",
        "sip",
        "TS 23.280 10.1.6.2",
        "Signalling plane migration: the terminal registers under an identity of the partner.",
        is_registration,
    ),
    Step(
        "profiles",
        "user profiles",
        "cms",
        "TS 23.280 10.1.4.3.2",
        "The partner gives the profiles that hold for the user while it serves her.",
        _is_profile,
    ),
    Step(
        "groups",
        "groups of the profile",
        "gms",
        "TS 23.280 10.1.5.2",
        "The partner gives the groups that its profile lists.",
        _is_groups,
    ),
    Step(
        "authorisation",
        "service authorisation",
        "sip",
        "TS 23.280 10.6.3",
        "Only now the terminal asks the partner for service.",
        _is_authorisation,
    ),
)
"""In the order of C13; the profile of the primary that lists the partner stands before all."""

CONFIGURATION = Step(
    "configuration",
    "any configuration",
    "cms, gms",
    "TS 23.280 10.1.1.2",
    "Whatever the partner configures is asked for with a token of it.",
    _is_configuration,
)

RULES = (
    Rule("token", "exchange", "TS33180-C.2-02"),
    Rule("configuration", "token", "TS23280-10.1.1.2-18"),
    Rule("profiles", "registration", "TS23280-10.1.1.2-22"),
    Rule("groups", "profiles", "TS23280-10.1.1.2-28"),
    Rule("authorisation", "registration", "TS33180-5.1.1-02"),
    Rule("authorisation", "profiles", "TS23280-10.1.1.2-29"),
    Rule("authorisation", "groups", "TS23280-10.1.1.2-30"),
)
"""What is judged. That authentication precedes registration is not: TS 33.180 5.1.1 leaves it."""

_STEPS = {step.key: step for step in (*STEPS, CONFIGURATION)}


def step_named(key: str) -> Step:
    """Return the step of that key."""
    return _STEPS[key]


def rules_before(key: str) -> tuple[Rule, ...]:
    """Return what a step comes after; profiles and groups are configuration."""
    wanted = ("configuration", key) if key in ("profiles", "groups") else (key,)
    return tuple(rule for name in wanted for rule in RULES if rule.later == name)


def asked(key: str, exchanges: Sequence[Exchange], partner: str) -> list[Exchange]:
    """Return the exchanges that ask for a step of the migration to a partner, in their order."""
    step = _STEPS[key]
    found = [e for e in exchanges if e.system == step.system(partner) and step.is_one(e)]
    return sorted(found, key=lambda exchange: exchange.started)


def succeeded(key: str, exchanges: Sequence[Exchange], partner: str) -> list[Exchange]:
    """Return those that the system answered with what was asked for."""
    return [e for e in asked(key, exchanges, partner) if e.status in (200, 304)]


def picture() -> str:
    """Draw the order as lines of text: who is asked for what, and after what."""
    width = max(len(step.title) for step in STEPS)
    lines = ["UE holds the primary's profile that lists the partner; the user chooses", "  |"]
    for number, step in enumerate(STEPS, start=1):
        system = step.server if step.server.startswith(PRIMARY) else f"partner {step.server}"
        lines.append(f"  |-- {number} {step.title:<{width}} --> {system:<13} [{step.clause}]")
        lines.extend(
            f"  |       after {rule.earlier} ({rule.requirement})"
            for rule in rules_before(step.key)
        )
    return "\n".join(lines)
