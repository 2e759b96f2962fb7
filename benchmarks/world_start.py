"""What the world of a scenario costs: three systems of three services, made, started and ended.

Budget: 40 ms a world once the process is warm, so that 200 scenarios on 2 cores spend 4 s on it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import trustme

from benchmarks.figures import Amount, Budget, Figure, main
from muster.documents.schemas import SchemaSet, own_folder
from muster.documents.worlds import load_world
from muster.journal import Journal
from muster.suite import suite_root
from stubs.loop import LoopThread
from stubs.world import World

WORLDS = 30
BUDGET = Budget(40.0, "ms")


def measure(journal: Journal, loop: LoopThread, worlds: int) -> list[tuple[float, float, float]]:
    """Seconds of each world: made, started, ended."""
    plan = load_world(suite_root() / "fixtures" / "worlds" / "default.toml")
    schemas, authority = SchemaSet.from_directory(own_folder()), trustme.CA()
    spent = []
    for number in range(worlds + 1):
        journal.begin(str(number))
        marks = [time.perf_counter()]
        world = World(plan, journal, loop, schemas, authority)
        marks.append(time.perf_counter())
        world.start()
        marks.append(time.perf_counter())
        world.stop()
        marks.append(time.perf_counter())
        journal.masker.forget()
        spent.append((marks[1] - marks[0], marks[2] - marks[1], marks[3] - marks[2]))
    return spent


def figures(tiny: bool = False) -> list[Figure]:
    loop = LoopThread()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder), "main")
        first, *others = measure(journal, loop, 2 if tiny else WORLDS)
        journal.close()
    loop.close()
    made, started, ended = (1000 * statistics.median(part) for part in zip(*others, strict=True))
    parts = f"made {made:.1f} ms, started {started:.1f} ms, ended {ended:.1f} ms"
    return [
        Figure(
            "a world of three systems in a warm process",
            BUDGET,
            Amount(made + started + ended, "ms"),
            note=f"{parts}; the first world of a process takes {1000 * sum(first):.0f} ms",
        )
    ]


if __name__ == "__main__":
    sys.exit(main("world_start", figures))
