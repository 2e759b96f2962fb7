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

from muster.documents.schemas import SchemaSet, own_folder
from muster.documents.worlds import load_world
from muster.journal import Journal
from muster.suite import suite_root
from stubs.loop import LoopThread
from stubs.world import World

WORLDS = 30
MILLISECONDS = 40.0


def measure(journal: Journal, loop: LoopThread) -> list[tuple[float, float, float]]:
    """Seconds of each world: made, started, ended."""
    plan = load_world(suite_root() / "fixtures" / "worlds" / "default.toml")
    schemas, authority = SchemaSet.from_directory(own_folder()), trustme.CA()
    spent = []
    for number in range(WORLDS + 1):
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


def main() -> None:
    loop = LoopThread()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder), "main")
        first, *others = measure(journal, loop)
        journal.close()
    loop.close()
    made, started, ended = (1000 * statistics.median(part) for part in zip(*others, strict=True))
    whole = made + started + ended
    print(f"first world {1000 * sum(first):.0f} ms")
    print(f"each other: made {made:.1f}, started {started:.1f}, ended {ended:.1f} ms")
    print(f"whole {whole:.1f} ms (budget {MILLISECONDS:.0f})")
    sys.exit(0 if whole <= MILLISECONDS else 1)


if __name__ == "__main__":
    main()
