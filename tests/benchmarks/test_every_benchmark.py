"""Every benchmark runs, in a setting so small that only its working is shown."""

from __future__ import annotations

import shutil

import pytest

from benchmarks.__main__ import NAMES, run
from benchmarks.evidence import ROOT
from benchmarks.figures import Figure, Outcome

FRAME = {"__init__", "__main__", "evidence", "figures", "stacks", "survivors", "lone_mutants"}
PROOFS = {
    *("licences", "mutation", "supply_chain", "surroundings", "fuzz", "parallel", "proof"),
    *("stub_profile", "campaign_profile"),
}
"""What measures no speed: targets of make of their own."""
AMOUNTS = {
    "start_up": 1,
    "collection": 1,
    "scenario_overhead": 2,
    "journalling": 2,
    "validation": 2,
    "stub_throughput": 1,
    "world_start": 1,
    "report": 2,
    "live_page": 3,
    "campaign": 2,
    "fleet": 5,
}
"""How many figures each gives in its smallest setting."""
MAY_TELL_NOTHING = {"live_page", "scenario_overhead"}
"""Without a browser; and where a busy machine makes its rounds disagree."""


def test_every_module_is_run():
    modules = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}

    assert set(NAMES) == modules - FRAME - PROOFS
    assert set(NAMES) == set(AMOUNTS)


def wants_none(figure: Figure) -> bool:
    return figure.budget is not None and figure.budget.limit == 0


def unmeasured(name: str, figures: list[Figure]) -> list[str]:
    return [f"{name}: {one.reason}" for one in figures if one.outcome is Outcome.NOT_MEASURED]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in MAY_TELL_NOTHING])
def test_benchmark_measures_in_its_smallest_setting(name: str):
    figures = run(name, tiny=True)

    assert unmeasured(name, figures) == []
    assert len(figures) == AMOUNTS[name]
    assert all(one.figure and one.figure.value > 0 for one in figures if not wants_none(one))


def test_live_page_is_measured_where_a_browser_is_and_else_says_why():
    figures = run("live_page", tiny=True)

    assert len(figures) == AMOUNTS["live_page"]
    told = unmeasured("live_page", figures)
    assert (told == []) == (shutil.which("chromium") is not None)


def test_scenario_overhead_has_both_figures_or_says_why_not():
    figures = run("scenario_overhead", tiny=True)

    assert len(figures) == AMOUNTS["scenario_overhead"]
    assert all(one.reason or (one.figure and one.figure.value > 0) for one in figures)


def test_small_fleet_finishes_and_is_journalled_whole():
    finished, differences, defects, *_ = run("fleet", tiny=True)

    assert finished.value == finished.budget.limit == 6
    assert (differences.value, defects.value) == (0, 0)
