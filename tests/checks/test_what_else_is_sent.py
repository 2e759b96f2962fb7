"""What else a UE sends changes no finding, wherever it stands among what is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from inspect import signature
from typing import get_type_hints

import pytest

from muster.evidence import Exchange
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
