"""Time and size of the report of a large campaign: `python -m benchmarks.report`.

A campaign of 440 scenarios with 28 exchanges each, all with names of their own. Budget: reading and
writing 3 s on a quiet machine, 5 MB.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.figures import Amount, Budget, Figure, main
from muster.report_files import load_catalogue
from muster.results import Results, read_results, write_campaign
from reports.html import write_html
from reports.junit import write_junit
from tests.reports.large_sample import write_large

SECONDS = Budget(3.0, "s")
SIZE = Budget(5.0, "MB")
SCENARIOS, EXCHANGES = 440, 28
T = TypeVar("T")


def timed(name: str, work: Callable[[], T], spent: dict[str, float]) -> T:
    """Do it, and keep what it took of this process."""
    begun = time.process_time()
    done = work()
    spent[name] = time.process_time() - begun
    return done


def measure(folder: Path, place: Path) -> list[Figure]:
    """All that a campaign writes at its end."""
    catalogue, spent = load_catalogue(), dict[str, float]()
    results: Results = timed("reading", lambda: read_results(folder), spent)
    timed("campaign.json", lambda: write_campaign(results, place / "campaign.json"), spent)
    timed("junit.xml", lambda: write_junit(results, place / "junit.xml"), spent)
    timed("report.html", lambda: write_html(results, catalogue, place / "report.html"), spent)
    size = (place / "report.html").stat().st_size
    exchanges = sum(len(scenario.exchanges) for scenario in results.scenarios)
    what = f"of {len(results.scenarios)} scenarios, {exchanges:,} exchanges"
    parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent.items())
    time_spent = Amount(sum(spent.values()), "s", "CPU time")
    return [
        Figure(f"reading and telling a campaign {what}", SECONDS, time_spent, note=parts),
        Figure(f"report.html {what}", SIZE, Amount(size / 1e6, "MB")),
    ]


def figures(tiny: bool = False) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        scenarios = 3 if tiny else SCENARIOS
        return measure(write_large(place / "results", scenarios, EXCHANGES), place)


if __name__ == "__main__":
    sys.exit(main("report", figures))
