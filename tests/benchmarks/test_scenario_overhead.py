"""When rounds of the same measurement tell something, and when they do not."""

from __future__ import annotations

import pytest

from benchmarks.figures import Outcome
from benchmarks.scenario_overhead import judged

AGREED = [(2.0, 2.6), (2.0, 2.6), (2.2, 2.9), (4.0, 5.2), (2.0, 2.7)]


def test_median_of_the_rounds_is_compared():
    ratio, more = judged(AGREED)

    assert (ratio.value, ratio.outcome) == (pytest.approx(1.3), Outcome.MET)
    assert (more.value, more.outcome) == (pytest.approx(0.7), Outcome.MET)


def test_overhead_beyond_the_budget_is_missed():
    assert [one.outcome for one in judged([(2.0, 5.0)] * 5)] == [Outcome.MISSED] * 2


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([(2.0, 2.1), (2.0, 3.4), (2.0, 2.2), (2.0, 3.6), (2.0, 2.4)], "do not agree"),
        ([(2.0, 1.8)] * 5, "cost less than the calls in it"),
        ([(2.0, 1.8)], "cost less than the calls in it"),
    ],
)
def test_rounds_that_cannot_be_believed_meet_nothing(pairs: list[tuple[float, float]], reason: str):
    figures = judged(pairs)

    assert [one.outcome for one in figures] == [Outcome.NOT_MEASURED] * 2
    assert all(reason in one.reason for one in figures)
