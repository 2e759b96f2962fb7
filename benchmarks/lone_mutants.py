"""Mutants of functions that are over before a test begins, each tried in a process of its own.

mutmut loads everything once and forks for each mutant. What runs while a module loads is over by
then, and every such mutant survives. Here the tests run in a new process that knows its mutant from
the start; its exit code takes the place of the one that mutmut wrote.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TRIED = "tried-alone.json"
"""Beside the mutants: the names of those that were tried so."""
LONGEST = 300.0
"""Seconds after which a test run counts as one that never ends."""
TIMED_OUT = 36
"""What mutmut writes for such a run."""


def tried(mutants: Path) -> frozenset[str]:
    """The mutants that ran in a process of their own."""
    path = mutants / TRIED
    return frozenset(json.loads(path.read_text("utf-8"))) if path.exists() else frozenset()


def run(
    mutants: Path, names: Collection[str], tests: Sequence[str], children: int, seconds: float
) -> None:
    """Try these mutants, as many as can begin in that time, and note how each ended."""
    if names and exit_code(mutants, "", tests):
        raise SystemExit(f"{mutants}: the tests fail without any mutant; nothing was tried alone")
    until = time.monotonic() + seconds

    def ended(name: str) -> int | None:
        return exit_code(mutants, name, tests) if time.monotonic() < until else None

    with ThreadPoolExecutor(children) as pool:
        codes = dict(zip(names, pool.map(ended, names), strict=True))
    note(mutants, {name: code for name, code in codes.items() if code is not None})


def exit_code(mutants: Path, name: str, tests: Sequence[str]) -> int:
    """Run the tests with this mutant until one fails."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:xdist", *tests]
    environment = {**os.environ, "MUTANT_UNDER_TEST": name}
    with subprocess.Popen(
        command,
        cwd=mutants,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return TIMED_OUT


def forget(mutants: Path, names: Collection[str]) -> None:
    """Let these be tried alone again."""
    if left := tried(mutants):
        (mutants / TRIED).write_text(json.dumps(sorted(left.difference(names))), "utf-8")


def note(mutants: Path, codes: dict[str, int]) -> None:
    """Write the exit codes where mutmut keeps its own, and the names beside them.

    pytest ends with 2 when a module cannot be loaded, and with 4 when it cannot even read its
    configuration: the mutant was noticed.
    """
    for meta in mutants.rglob("*.meta"):
        told = json.loads(meta.read_text("utf-8"))
        known = told["exit_code_by_key"]
        known |= {
            name: 1 if codes[name] in (2, 4) else codes[name] for name in known.keys() & codes
        }
        meta.write_text(json.dumps(told), "utf-8")
    (mutants / TRIED).write_text(json.dumps(sorted(tried(mutants) | codes.keys())), "utf-8")
