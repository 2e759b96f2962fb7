"""Everything a UE can send, made up for some minutes: `make fuzz`.

MUSTER_FUZZ_SECONDS (600) are shared by the targets of tests/fuzz. For each it tells how many inputs
were sent, the longest that one took, how much memory the stubs' process gained after the first
quarter, and what went wrong: crashes, hangs over 5 s, exchanges that no journal has, forged tokens
that were taken. Ends with 1 if anything did.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
from hypothesis import HealthCheck, Phase, given, settings

from benchmarks import evidence
from muster.suite import suite_root
from stubs.loop import LoopThread
from stubs.world import World, load_schemas
from tests.fuzz.targets import TARGETS, Target
from tests.stubs.stub_helpers import running_world

SECONDS = 600.0
BATCH = 50
"""Inputs of one "scenario": then the journal begins afresh, and forgets the secrets that it met."""
MEGABYTES = 40.0
"""How much the process may gain in a target after its first quarter."""
COLUMNS = ("what is sent", "inputs", "longest, s", "memory gained, MB", "wrong")


@dataclass
class Attack:
    """What became of one target's inputs."""

    target: Target
    inputs: int = 0
    longest: float = 0.0
    gained: float = 0.0
    wrong: list[str] = field(default_factory=list)


def resident() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def attack(world: World, target: Target, seconds: float) -> Attack:
    """Send made-up inputs until the time is over."""
    told, begun = Attack(target), time.monotonic()
    settled: float | None = None

    @settings(
        deadline=None,
        max_examples=BATCH,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def batch(drawn: Any) -> None:
        if time.monotonic() - begun > seconds:
            return
        sent = time.monotonic()
        for one in target.attack(world, drawn):
            told.wrong.append(f"{one}: {drawn!r}"[:300])
        told.longest = max(told.longest, time.monotonic() - sent)
        told.inputs += 1

    while time.monotonic() - begun < seconds:
        batch()
        world.journal.begin(target.name)  # as each scenario does: what came before is written
        world.journal.masker.forget()
        if settled is None and time.monotonic() - begun > seconds / 4:
            gc.collect()
            settled = resident()
    gc.collect()
    told.gained = resident() - settled if settled is not None else 0.0
    if told.gained > MEGABYTES:
        told.wrong.append(f"gained {told.gained:.0f} MB")
    return told


def row(told: Attack) -> list[str]:
    wrong = f"{len(told.wrong)}: {told.wrong[0]}" if told.wrong else "nothing"
    return [
        told.target.name,
        str(told.inputs),
        f"{told.longest:.2f}",
        f"{told.gained:.1f}",
        wrong,
    ]


def main() -> int:
    seconds = float(os.environ.get("MUSTER_FUZZ_SECONDS", SECONDS))
    machine, rows, failed = evidence.Machine.here(), [], False
    loop = LoopThread()
    print("  ".join(COLUMNS))
    with tempfile.TemporaryDirectory(prefix="muster-fuzz-") as name:
        schemas = load_schemas(suite_root())
        with running_world(Path(name), loop, schemas, trustme.CA()) as world:
            for target in TARGETS:
                told = attack(world, target, seconds / len(TARGETS))
                rows.append(row(told))
                failed = failed or bool(told.wrong) or not told.inputs
                print("  ".join(rows[-1]), flush=True)
    loop.close()
    notes = [f"{seconds:g} s in all. A request that stays half is given up after half a second."]
    evidence.write("fuzz", evidence.Table("Fuzzing", "make fuzz", COLUMNS, rows, machine, notes))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
