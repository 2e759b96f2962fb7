"""The order of a migration (TS 23.280 10.1.1.2, TS 33.180 annex C.2): checks of its table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import names_document
from muster.evidence import Departure, Exchange, HttpExchange
from muster.judging import check
from muster.procedure import RULES, Rule, asked, is_registration, step_named, succeeded


def _departures(rule: Rule, exchanges: Sequence[Exchange], partner: str) -> Iterator[Departure]:
    """Report each exchange of the later step that began before the earlier one had succeeded."""
    before = succeeded(rule.earlier, exchanges, partner)
    for exchange in asked(rule.later, exchanges, partner):
        if exchange in before or any(e.ended <= exchange.started for e in before):
            continue
        expected = f"after: {step_named(rule.earlier).title}"
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
    both = [e for e in asked("authorisation", exchanges, partner) if is_registration(e)]
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
