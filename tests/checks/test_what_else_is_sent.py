"""What else a UE sends changes no finding, and a finding names the message that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from inspect import signature
from typing import get_type_hints

import pytest

from muster.evidence import Exchange, HttpExchange, SipExchange
from tests.checks.case_tables import ACCEPTED, REPORTED
from tests.checks.exchanges import Case, http, sip
from tests.checks.test_requests import FIELDS

ELSE: tuple[Exchange, ...] = (
    http("/root/xcap-caps/global/index", "else-1"),
    http("/favicon.ico", "else-2", server="idms", status=404),
    sip("OPTIONS", name="else-3", headers=FIELDS),
    sip("OPTIONS", name="else-4", headers=FIELDS, direction="to_ue"),
)
"""What no text forbids and no check is about."""


def takes_everything(case: Case) -> list[bool]:
    """Which arguments are all exchanges of a scenario, and not those of one kind."""
    function = case.check.__wrapped__  # type: ignore[attr-defined]
    everything = get_type_hints(function).get("exchanges") == Sequence[Exchange]
    names = list(signature(function).parameters)[: len(case.arguments)]
    return [name == "exchanges" and everything for name in names]


def mixed(argument: Sequence[Exchange], first: bool) -> list[Exchange]:
    """What else was sent before these exchanges or behind them."""
    begun = [replace(one, started=0.0, ended=0.5) for one in ELSE]
    later = [replace(one, started=90.0, ended=90.5) for one in ELSE]
    return [*begun, *argument] if first else [*argument, *later]


CASES = [case for case in (*ACCEPTED, *REPORTED) if any(takes_everything(case))]


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check.name}: {case.fact}")
def test_findings_stay_the_same(case: Case, first: bool) -> None:
    everything = zip(case.arguments, takes_everything(case), strict=True)
    arguments = tuple(mixed(given, first) if every else given for given, every in everything)

    replace(case, arguments=arguments).judge()


def test_most_checks_of_a_whole_scenario_are_tried() -> None:
    assert len({case.check.name for case in CASES}) > 20


# Which message ---------------------------------------------------------------------------------

TOGETHER = {
    "muster.checks.leaks.no_system_sees_what_belongs_to_another",  # others tell whose a token is
    "muster.checks.tokens.refused_request_is_not_repeated_without_end",  # of many, the first
}
"""Checks in which a right message becomes a wrong one by those that follow it."""
Found = tuple[str, str, str, str]


def is_several(argument: object) -> bool:
    return isinstance(argument, list | tuple) and all(
        isinstance(one, HttpExchange | SipExchange) for one in argument
    )


def found(case: Case, place: int, exchanges: Sequence[Exchange]) -> set[Found]:
    """What the check of a case says with other exchanges at a place of its arguments."""
    arguments = (*case.arguments[:place], exchanges, *case.arguments[place + 1 :])
    told = case.check(*arguments).findings
    return {(one.requirement, one.expected, one.observed, one.exchange) for one in told}


def pairs() -> Iterator[tuple[Case, int, list[Exchange]]]:
    """Each reported case, with accepted exchanges of the same check and the place for them."""
    accepted: dict[object, list[Case]] = {}
    for case in ACCEPTED:
        accepted.setdefault(case.check, []).append(case)
    for case in REPORTED:
        for right in accepted.get(case.check, []):
            for place, both in enumerate(zip(right.arguments, case.arguments, strict=False)):
                if all(is_several(one) and one for one in both):
                    yield case, place, [replace(one, name=f"right-{one.name}") for one in both[0]]
                    break


PAIRS = list(pairs())
COMPARED = sorted({case.check.name for case, _, _ in PAIRS})


@pytest.mark.parametrize("check", COMPARED)
def test_finding_names_the_wrong_message_and_none_that_is_right_by_itself(check: str) -> None:
    wrong = []
    for case, place, right in (pair for pair in PAIRS if pair[0].check.name == check):
        wanted = {report[:3] for report in case.reports if report[3]}
        before = found(case, place, [*right, *case.arguments[place]]) - found(case, place, right)
        wrong += [
            (case.fact, name)
            for *what, name in before
            if name.startswith("right-") and tuple(what) in wanted
        ]

    assert bool(wrong) == (check in TOGETHER), wrong


def test_findings_of_most_checks_of_several_messages_are_compared() -> None:
    assert len(COMPARED) > 100
