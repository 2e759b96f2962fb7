"""What a figure says of its budget, and what a run of benchmarks makes of its figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as runner
from benchmarks import evidence
from benchmarks.__main__ import Broken
from benchmarks.figures import (
    Amount,
    Budget,
    Figure,
    Outcome,
    failed,
    from_json,
    not_measured,
    row,
    to_json,
    wide,
)

FASTEST = Budget(1.5, "x")
MET = Figure("a sum", FASTEST, Amount(12.0, "ms", "ours"), Amount(10.0, "ms", "bare"), note="once")
MISSED = Figure("a sum", Budget(5.0, "ms"), Amount(12.0, "ms"))
UNKNOWN = not_measured("a page", Budget(1.0, "s"), "no browser is here")


def test_ratio_to_the_baseline_is_compared_where_the_budget_is_a_ratio():
    assert (MET.value, MET.outcome) == (pytest.approx(1.2), Outcome.MET)


def test_figure_itself_is_compared_where_the_budget_has_its_unit():
    assert (MISSED.value, MISSED.outcome) == (12.0, Outcome.MISSED)


def test_least_that_is_wanted_is_a_budget_too():
    rates = Amount(40.0, "1/s"), Amount(100.0, "1/s")
    slow = Figure("rate", Budget(0.5, "x", at_least=True), *rates)

    assert slow.outcome is Outcome.MISSED


def test_figure_without_a_budget_is_told_and_neither_met_nor_missed():
    told = Figure("memory", None, Amount(300.0, "MiB"))

    assert row("campaign", told) == [
        *["campaign", "memory", "", "300 MiB", "no budget", "300 MiB", ""]
    ]
    assert not failed([told])
    assert from_json(json.loads(json.dumps(to_json(told)))) == told


def test_what_was_not_measured_is_neither_met_nor_missed():
    assert UNKNOWN.outcome is Outcome.NOT_MEASURED
    assert row("page", UNKNOWN) == [
        *["page", "a page", "at most 1 s", "no browser is here", "not measured", "", ""]
    ]
    assert not failed([UNKNOWN, MET])
    assert failed([UNKNOWN, MISSED])


def test_figure_without_figure_or_reason_is_refused():
    with pytest.raises(ValueError, match="either a figure or the reason"):
        Figure("a sum", FASTEST)


def test_units_that_do_not_compare_are_refused():
    with pytest.raises(ValueError, match="do not compare"):
        Figure("a sum", Budget(1.0, "s"), Amount(1.0, "ms"))
    with pytest.raises(ValueError, match="needs a baseline in ms"):
        Figure("a sum", FASTEST, Amount(1.0, "ms"), Amount(1.0, "s"))


@pytest.mark.parametrize("figure", [MET, MISSED, UNKNOWN])
def test_figure_is_read_as_it_was_written(figure: Figure):
    assert from_json(json.loads(json.dumps(to_json(figure)))) == figure


def test_benchmark_that_breaks_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch):
    def run(name: str, tiny: bool) -> list[Figure]:
        if name == "broken":
            raise Broken("it fell")
        return [MISSED] if name == "slow" else [MET]

    monkeypatch.setattr(runner, "run", run)

    found, broken = runner.run_all(["slow", "broken", "quick"], wide())

    assert found == [("slow", MISSED), ("quick", MET)]
    assert broken == {"broken": "it fell"}


def test_benchmark_that_is_no_program_is_broken():
    with pytest.raises(Broken, match="No module named"):
        runner.run("unheard_of")


@pytest.mark.parametrize(
    ("figures", "code"), [([MET, UNKNOWN], 0), ([MET, MISSED], 1), (Broken("it fell"), 1)]
)
def test_run_fails_where_a_budget_is_missed_or_a_benchmark_broke(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, figures: list[Figure] | Broken, code: int
):
    def run(name: str, tiny: bool) -> list[Figure]:
        if isinstance(figures, Broken):
            raise figures
        return figures

    monkeypatch.setattr(runner, "run", run)
    results = tmp_path / "figures.json"
    monkeypatch.setattr("sys.argv", ["benchmarks", "report", "--json", str(results)])
    before = evidence.PAGE.read_text("utf-8")

    assert runner.main() == code

    told = json.loads(results.read_text())
    assert len(told["figures"]) == (0 if isinstance(figures, Broken) else 2)
    assert evidence.PAGE.read_text("utf-8") == before


def test_table_of_the_evidence_has_every_figure_and_note():
    table = runner.table(evidence.Machine(2, "3.11", "0.0"), [("sums", MET), ("pages", UNKNOWN)])

    assert table.rows[0] == [
        *["sums", "a sum", "at most 1.50x", "1.20x", "met", "ours 12 ms", "bare 10 ms"]
    ]
    assert [line[4] for line in table.rows] == ["met", "not measured"]
    assert table.notes == ["a sum: once"]
