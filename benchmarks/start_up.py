"""How long `muster --help` takes over bare Python: `python -m benchmarks.start_up`.

Whole processes, from start to end; the least of many, since whatever else runs can only add.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.figures import Amount, Budget, Figure, main

BUDGET = Budget(150.0, "ms")
ROUNDS = 25
BARE = (sys.executable, "-c", "pass")
HELP = (sys.executable, "-m", "muster", "--help")


def milliseconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return 1000 * (time.perf_counter() - began)


def least(commands: Sequence[Sequence[str]], rounds: int) -> list[float]:
    """The least time of each command in milliseconds; in turn, after one that fills the caches."""
    samples = [[milliseconds(command) for command in commands] for _ in range(rounds + 1)]
    return [min(column) for column in zip(*samples[1:], strict=True)]


def figures(tiny: bool = False) -> list[Figure]:
    bare, told = least([BARE, HELP], 2 if tiny else ROUNDS)
    return [
        Figure(
            "start-up of the command",
            BUDGET,
            Amount(told, "ms", "muster --help"),
            Amount(bare, "ms", "python -c pass"),
            compared=told - bare,
            note="what it takes over bare Python, whole process",
        )
    ]


if __name__ == "__main__":
    sys.exit(main("start_up", figures))
