"""Time and size of the report of a large campaign: `python benchmarks/report.py [RESULTS]`.

Without a results folder it makes one of 440 scenarios with 28 exchanges each, all with names of
their own. Budget: reading and writing 3 s on a quiet machine, 5 MB.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from muster.report_files import load_catalogue
from muster.results import Results, read_results, write_campaign
from reports.html import write_html
from reports.junit import write_junit
from tests.reports.large_sample import write_large

SECONDS = 3.0
BYTES = 5_000_000
T = TypeVar("T")


def timed(name: str, work: Callable[[], T], spent: list[float]) -> T:
    """Do it, and tell what it took of this process."""
    begun = time.process_time()
    done = work()
    spent.append(time.process_time() - begun)
    print(f"{name:14} {spent[-1]:5.2f} s")
    return done


def measure(folder: Path, place: Path) -> bool:
    """Measure all that a campaign writes at its end; False if it is over the budget."""
    catalogue, spent = load_catalogue(), list[float]()
    results: Results = timed("reading", lambda: read_results(folder), spent)
    timed("campaign.json", lambda: write_campaign(results, place / "campaign.json"), spent)
    timed("junit.xml", lambda: write_junit(results, place / "junit.xml"), spent)
    timed("report.html", lambda: write_html(results, catalogue, place / "report.html"), spent)
    size = (place / "report.html").stat().st_size
    exchanges = sum(len(scenario.exchanges) for scenario in results.scenarios)
    print(f"{len(results.scenarios)} scenarios, {exchanges} exchanges: {size / 1e6:.2f} MB")
    print(f"together       {sum(spent):5.2f} s of {SECONDS} s")
    return sum(spent) <= SECONDS and size < BYTES


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
        folder = given or write_large(place / "results", scenarios=440, exchanges=28)
        sys.exit(0 if measure(folder, place) else 1)
