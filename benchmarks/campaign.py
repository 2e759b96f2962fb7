"""A whole default campaign on two cores, and what it holds: `python -m benchmarks.campaign`.

It runs with `-n auto`, as `make campaign` does: four workers on two cores, since scenarios wait.

Memory is the sum of the most that each process of the campaign (controller, pytest, workers) ever
held of its own: no moment of the campaign can have needed more.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.figures import Amount, Budget, Figure, main, not_measured

SECONDS = Budget(60.0, "s")
CORES = 2
SAMPLING_SECONDS = 0.25
PROC = Path("/proc")


def family(root: int) -> set[int]:
    """A process with all that descend from it, as /proc knows them now."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = set[int](), [root]
    while waiting:
        process = waiting.pop()
        found.add(process)
        waiting += children.get(process, [])
    return found


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return None  # it has ended meanwhile


def peak(process: int) -> float | None:
    """MiB that a process held at most so far; None once it has ended."""
    try:
        status = (PROC / str(process) / "status").read_text()
    except OSError:
        return None
    told = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(told[0]) / 1024 if told else None


class Watcher:
    """Follows the peaks of a process and all its descendants until it is told to stop."""

    def __init__(self, root: int) -> None:
        self.peaks: dict[int, float] = {}
        self._root = root
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> dict[int, float]:
        """The peaks in MiB, by process."""
        self._over.set()
        self._thread.join()
        return self.peaks

    def _watch(self) -> None:
        while not self._over.wait(SAMPLING_SECONDS):
            for process in family(self._root):
                if (held := peak(process)) is not None:
                    self.peaks[process] = held


def cpu_seconds() -> float:
    """What ended children of this process, and theirs, have spent."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def keep_to_two_cores() -> None:
    """In the child: what the campaign may use, however many cores there are."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def figures(tiny: bool = False) -> list[Figure]:
    selection = ["bootstrap"] if tiny else []
    what = "the scenarios of bootstrap" if tiny else "the whole default campaign"
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < CORES:
        reason = f"this system cannot give a process {CORES} cores"
        return [not_measured(what, SECONDS, reason), not_measured(what, None, reason)]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "muster", "run", "-n", "auto", "--results", folder]
        load, spent, began = os.getloadavg()[0], cpu_seconds(), time.perf_counter()
        process = subprocess.Popen(
            [*command, *selection], stdout=subprocess.DEVNULL, preexec_fn=keep_to_two_cores
        )
        watcher = Watcher(process.pid) if PROC.is_dir() else None
        if process.wait() != 0:
            raise SystemExit(f"the campaign ended with exit code {process.returncode}")
        took, spent = time.perf_counter() - began, cpu_seconds() - spent
        peaks = watcher.stop() if watcher else {}
    note = (
        f"whole command with its reports, on a machine with load {load:.1f} when it began;"
        f" {spent:.1f} s of CPU time, which two idle cores give in {spent / CORES:.1f} s"
    )
    held = f"memory of {what}"
    return [
        Figure(f"{what}, {CORES} cores", SECONDS, Amount(took, "s"), note=note),
        _memory(held, peaks) if peaks else not_measured(held, None, "there is no /proc here"),
    ]


def _memory(what: str, peaks: dict[int, float]) -> Figure:
    each = ", ".join(f"{held:.0f}" for held in sorted(peaks.values(), reverse=True))
    note = f"peaks of the processes: {each} MiB, shared pages counted in each"
    return Figure(what, None, Amount(sum(peaks.values()), "MiB"), note=note)


if __name__ == "__main__":
    sys.exit(main("campaign", figures))
