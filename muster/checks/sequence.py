"""The order of a migration (TS 23.280 10.1.1.2, TS 33.180 annex C.2) as one table, and its checks.

The picture in docs/migration.md is made from the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from muster.checks.reading import body_token, info_value, names_document
from muster.evidence import Departure, Exchange, HttpExchange
from muster.judging import check
from muster.protocol.oidc import GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE


@dataclass(frozen=True)
class Step:
    """One step of a migration: who is asked for what."""

    key: str
    title: str
    server: str
    """Of the partner; with the system's name before it where it is the primary."""
    clause: str
    is_one: Callable[[Exchange], bool]
    """Whether an exchange with the system of this step asks for it."""


@dataclass(frozen=True)
class Rule:
    """One step that comes only after another one succeeded."""

    later: str
    earlier: str
    requirement: str


def _is_exchange(exchange: Exchange) -> bool:
    grant = exchange.form.get("grant_type") if isinstance(exchange, HttpExchange) else ""
    return exchange.server == "idms" and grant == GRANT_TOKEN_EXCHANGE


def _is_token(exchange: Exchange) -> bool:
    grant = exchange.form.get("grant_type") if isinstance(exchange, HttpExchange) else ""
    return exchange.server == "idms" and grant == GRANT_JWT_BEARER


def _is_registration(exchange: Exchange) -> bool:
    if isinstance(exchange, HttpExchange) or exchange.method != "REGISTER":
        return False
    return (exchange.header("Expires") or "").strip() != "0"


def _is_configuration(exchange: Exchange) -> bool:
    return isinstance(exchange, HttpExchange) and exchange.server in ("cms", "gms")


def _is_profile(exchange: Exchange) -> bool:
    return _is_configuration(exchange) and "user-profile" in _path(exchange)


def _is_groups(exchange: Exchange) -> bool:
    return _is_configuration(exchange) and "/byGroup" in _path(exchange)


def _is_authorisation(exchange: Exchange) -> bool:
    if isinstance(exchange, HttpExchange) or exchange.method not in ("PUBLISH", "REGISTER"):
        return False
    presents = body_token(exchange) or info_value(exchange, "mcptt-access-token") is not None
    return bool(presents) and exchange.direction == "from_ue"


def _path(exchange: Exchange) -> str:
    return exchange.decoded_path if isinstance(exchange, HttpExchange) else ""


STEPS = (
    Step(
        "exchange",
        "access token for a security token",
        "primary idms",
        "TS 33.180 B.7.2",
        _is_exchange,
    ),
    Step("token", "security token for an access token", "idms", "TS 33.180 B.7.4", _is_token),
    Step(
        "registration", "signalling plane migration", "sip", "TS 23.280 10.1.6.2", _is_registration
    ),
    Step("profiles", "user profiles", "cms", "TS 23.280 10.1.4.3.2", _is_profile),
    Step("groups", "groups of the profile", "gms", "TS 23.280 10.1.5.2", _is_groups),
    Step("authorisation", "service authorisation", "sip", "TS 23.280 10.6.3", _is_authorisation),
)
"""In the order of C13; the profile of the primary that lists the partner stands before all."""

CONFIGURATION = Step(
    "configuration", "any configuration", "cms, gms", "TS 23.280 10.1.1.2", _is_configuration
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


def asked(key: str, exchanges: Sequence[Exchange], partner: str) -> list[Exchange]:
    """Return the exchanges that ask for a step of the migration to a partner, in their order."""
    step = _STEPS[key]
    system = "primary" if step.server.startswith("primary") else partner
    found = [e for e in exchanges if e.system == system and step.is_one(e)]
    return sorted(found, key=lambda exchange: exchange.started)


def succeeded(key: str, exchanges: Sequence[Exchange], partner: str) -> list[Exchange]:
    """Return those that the system answered with what was asked for."""
    return [e for e in asked(key, exchanges, partner) if e.status in (200, 304)]


def _departures(rule: Rule, exchanges: Sequence[Exchange], partner: str) -> Iterator[Departure]:
    """Report each exchange of the later step that began before the earlier one had succeeded."""
    before = succeeded(rule.earlier, exchanges, partner)
    for exchange in asked(rule.later, exchanges, partner):
        if exchange in before or any(e.ended <= exchange.started for e in before):
            continue
        expected = f"after: {_STEPS[rule.earlier].title}"
        observed = f"began before [{before[0].name}] was over" if before else "that never succeeded"
        yield Departure(expected, observed, rule.requirement, exchange)
        return


def _rule(later: str, earlier: str) -> Rule:
    return next(rule for rule in RULES if (rule.later, rule.earlier) == (later, earlier))


@check("TS33180-C.2-02")
def token_follows_exchange(
    evidence: Exchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """The partner's token endpoint is asked only after the security token was obtained."""
    yield from _departures(_rule("token", "exchange"), exchanges, partner)


@check("TS23280-10.1.1.2-18")
def configuration_follows_token(
    evidence: Exchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Configuration is asked of the partner only after the partner gave an access token."""
    yield from _departures(_rule("configuration", "token"), exchanges, partner)


@check("TS23280-10.1.1.2-22")
def profiles_follow_registration(
    evidence: Exchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """The partner's profiles are asked for only after the partner took the registration."""
    yield from _departures(_rule("profiles", "registration"), exchanges, partner)


@check("TS23280-10.1.1.2-28")
def groups_follow_profiles(
    evidence: Exchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Groups are asked of the partner only after a profile of the partner was obtained."""
    yield from _departures(_rule("groups", "profiles"), exchanges, partner)


@check("TS33180-5.1.1-02")
def authorisation_follows_registration_there(
    evidence: Exchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Service authorisation is asked of the partner only after the partner took the registration.

    A registration that asks for it too is one with it.
    """
    both = [e for e in asked("authorisation", exchanges, partner) if _is_registration(e)]
    others = [e for e in exchanges if e not in both or e.status == 200]
    yield from _departures(_rule("authorisation", "registration"), others, partner)


@check("TS23280-10.1.1.2-29")
def authorisation_follows_profiles(
    evidence: Exchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Service authorisation is asked of the partner only after a profile of it was obtained."""
    yield from _departures(_rule("authorisation", "profiles"), exchanges, partner)


@check("TS23280-10.1.1.2-30")
def authorisation_follows_groups(
    evidence: Exchange, exchanges: Sequence[Exchange], partner: str, selectors: Sequence[str]
) -> Iterator[Departure]:
    """Service authorisation is asked of the partner only after each of these groups was obtained.

    `selectors` are those of the partner's active profile that can be had.
    """
    first = next(iter(asked("authorisation", exchanges, partner)), None)
    got = [e for e in succeeded("groups", exchanges, partner) if isinstance(e, HttpExchange)]
    for selector in selectors if first is not None else ():
        before = [e for e in got if first is None or e.ended <= first.started]
        if not any(names_document(e, selector) for e in before):
            yield Departure(f"after {selector} was obtained", "before it", exchange=first)


@check("TS23280-10.1.1.2-31")
def authorisation_follows_configuration(
    profile: HttpExchange, exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Once profile and groups of the partner are there, service authorisation is asked of it."""
    if not asked("authorisation", exchanges, partner):
        yield Departure("service authorisation asked of the partner", "not asked", exchange=profile)


def picture() -> str:
    """Draw the order as lines of text: who is asked for what, and after what."""
    width = max(len(step.title) for step in STEPS)
    lines = ["UE holds the primary's profile that lists the partner; the user chooses", "  |"]
    for number, step in enumerate(STEPS, start=1):
        needs = [f"{rule.earlier} ({rule.requirement})" for rule in RULES if rule.later == step.key]
        if step.key in ("profiles", "groups"):
            needs[:0] = [
                f"{r.earlier} ({r.requirement})" for r in RULES if r.later == "configuration"
            ]
        system = step.server if step.server.startswith("primary") else f"partner {step.server}"
        lines.append(f"  |-- {number} {step.title:<{width}} --> {system:<13} [{step.clause}]")
        lines.extend(f"  |       after {need}" for need in needs)
    return "\n".join(lines)
