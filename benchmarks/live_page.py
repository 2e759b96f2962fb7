"""The live page with a long campaign, in Chromium: `python -m benchmarks.live_page`

Replays a journal of so many exchanges twice: a page that is opened afterwards, and a page that is
open while the journal grows as fast as it can be written. Tells when rows are painted, how long the
page is busy at most, how many elements and how much memory it holds, and what the server holds.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import RATIO, Amount, Budget, Figure, main, not_measured
from muster.live.follow import Follower
from muster.live.place import take_place
from muster.live.server import served
from muster.live.story import Story
from tests.reports.large_sample import write_large
from tests.reports.sample import sample_catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Page

PER_SCENARIO = 40
SIZES = (1_000, 10_000)
PAINTED = Budget(1.5, "s")
"""From opening the page to its rows, whatever the length of the campaign."""
BUSY = Budget(30.0, RATIO)
"""The longest time that the page does not react while it follows, in yardsticks."""
YARDSTICK = """() => {
    const took = [];
    for (let times = 0; times < 5; times += 1) {
        const begin = performance.now(), list = document.createElement('ul');
        for (let row = 0; row < 200; row += 1) {
            const item = document.createElement('li');
            for (let part = 0; part < 9; part += 1) item.append(document.createElement('span'));
            list.append(item);
        }
        document.body.append(list);
        list.getBoundingClientRect();
        took.push(performance.now() - begin);
        list.remove();
    }
    return took.sort((one, two) => one - two)[2];
}"""
"""Milliseconds to make and lay out 200 empty rows of ten elements."""
ELEMENTS = Budget(12_000, "elements")
WATCH = """() => {
    window.busy = [];
    new PerformanceObserver(list => window.busy.push(...list.getEntries().map(one => one.duration)))
        .observe({ type: 'longtask', buffered: true });
}"""
HELD = """() => {
    gc?.();
    return [document.querySelectorAll('*').length, performance.memory.usedJSHeapSize / 1e6];
}"""


def resident() -> float:
    """Megabytes that this process holds at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reading(folder: Path) -> float:
    """Seconds to fold the journals of a folder into a story."""
    begin = time.perf_counter()
    story, follower = Story(sample_catalogue()), Follower(folder)
    story.feed(follower.read())
    while follower.is_behind:
        story.feed(follower.read())
    return time.perf_counter() - begin


@contextmanager
def page_of(browser: Any, address: str) -> Any:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def await_rows(page: Page, holds: Callable[[Page], bool]) -> float:
    begin = time.perf_counter()
    while not holds(page):
        assert time.perf_counter() - begin < 120, "the rows did not come"
        page.wait_for_timeout(20)
    return time.perf_counter() - begin


def is_settled(page: Page) -> bool:
    return "all is settled" in page.inner_text("#counts")


def told(page: Page) -> tuple[int, float, float, float]:
    """Elements, megabytes, longest time busy, and time to a click's answer in milliseconds."""
    elements, heap = page.evaluate(HELD)
    busy = max(page.evaluate("window.busy ?? []"), default=0.0)
    begin = time.perf_counter()
    page.locator("li.exchange button").last.click()
    page.wait_for_selector("#exchange .start")
    return elements, heap, busy, (time.perf_counter() - begin) * 1000


def measure(browser: Any, exchanges: int) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="live-page-"))
    before = resident()
    try:
        with (
            served(folder, take_place("0"), sample_catalogue()) as address,
            page_of(browser, address) as page,
        ):
            yardstick = page.evaluate(YARDSTICK)
            page.evaluate(WATCH)
            begin = time.perf_counter()
            write_large(folder, exchanges // PER_SCENARIO, PER_SCENARIO)
            written = time.perf_counter() - begin
            behind = await_rows(page, is_settled)
            elements, heap, busy, click = told(page)
            begin = time.perf_counter()
            page.reload()
            page.wait_for_selector("li.exchange")
            painted = time.perf_counter() - begin
    finally:
        read = reading(folder)
        shutil.rmtree(folder)
    what = f"{exchanges:,} exchanges"
    written_note = (
        f"written in {written:.1f} s, shown {behind:.2f} s later; click to exchange {click:.0f} ms;"
        f" journals read in {read:.2f} s; the server's process grew by {resident() - before:.0f} MB"
    )
    return [
        Figure(f"opening the page of {what}", PAINTED, Amount(painted, "s"), note=written_note),
        Figure(
            f"the page busy while {what} come",
            BUSY,
            Amount(busy, "ms", "longest"),
            Amount(yardstick, "ms", "200 empty rows"),
        ),
        Figure(
            f"elements of the page of {what}",
            ELEMENTS,
            Amount(elements, "elements"),
            note=f"{heap:.1f} MB of script",
        ),
    ]


def unmeasured(reason: str) -> list[Figure]:
    budgets = {"opening the page": PAINTED, "the page busy": BUSY, "elements of the page": ELEMENTS}
    return [not_measured(what, budget, reason) for what, budget in budgets.items()]


def figures(tiny: bool = False) -> list[Figure]:
    chromium = shutil.which("chromium")
    if chromium is None:
        return unmeasured("no Chromium is installed here")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return unmeasured("playwright is not installed here")
    with sync_playwright() as started:
        flags = ["--no-sandbox", "--js-flags=--expose-gc", "--enable-precise-memory-info"]
        browser = started.chromium.launch(executable_path=chromium, args=flags)
        sizes = SIZES[:1] if tiny else SIZES
        found = [figure for size in sizes for figure in measure(browser, size)]
        browser.close()
    return found


if __name__ == "__main__":
    sys.exit(main("live_page", figures))
