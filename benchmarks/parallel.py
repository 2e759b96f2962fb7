"""Whether it matters in how many processes a campaign runs: `make parallel`.

Runs the main job 20 times and the whole campaign three times, without xdist, with two and with four
processes, and compares verdict, reason and reported requirements of every scenario.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import evidence

PROCESSES = ("0", "2", "4")
MAIN_JOB = ("-m", "main_job")
COLUMNS = ("selection", "processes", "runs", "scenarios", "PASS", "differ from the first run")
Told: TypeAlias = dict[str, tuple[str, str, tuple[str, ...]]]
"""Scenario to verdict, reason and requirements that were reported."""


def run(processes: str, selection: Sequence[str]) -> Told:
    """Run a campaign and return what it says; SystemExit where it ends in an error of ours."""
    with tempfile.TemporaryDirectory(prefix="muster-parallel-") as name:
        command = [sys.executable, "-m", "muster", "run", "-n", processes, "--results", name]
        ended = subprocess.run([*command, *selection], cwd=name, capture_output=True, check=False)
        folders = list(Path(name).glob("*/campaign.json"))
        if not folders:
            raise SystemExit(f"no campaign ({ended.returncode}): {ended.stderr[-500:]!r}")
        document: dict[str, Any] = json.loads(folders[0].read_text("utf-8"))
    if document["counts"]["ERROR"] or document["suite_errors"]:
        raise SystemExit(f"an error of the suite with -n {processes}: nothing can be compared")
    return {
        one["id"]: (
            one["verdict"],
            one["reason"],
            tuple(sorted(found["requirement"] for found in one["findings"])),
        )
        for one in document["scenarios"]
    }


def differing(first: Told, told: Told) -> list[str]:
    """The scenarios that are not told alike, or are told by one alone."""
    return sorted(name for name in first.keys() | told.keys() if first.get(name) != told.get(name))


def compare(title: str, selection: Sequence[str], runs: int) -> tuple[list[list[str]], list[str]]:
    """Rows of the table, and what differs in words."""
    first: Told = {}
    rows: dict[str, list[Told]] = {}
    wrong = []
    for number in range(runs):
        processes = PROCESSES[number % len(PROCESSES)]
        told = run(processes, selection)
        first = first or told
        rows.setdefault(processes, []).append(told)
        others = differing(first, told)
        wrong += [
            f"{title}, -n {processes}: {one}: {first.get(one)}, {told.get(one)}" for one in others
        ]
        print(f"{title} {number + 1} of {runs}, -n {processes}: {len(others)} differ", flush=True)
    return [
        [
            title,
            processes,
            str(len(done)),
            str(len(done[0])),
            str(sum(one[0] == "PASS" for one in done[0].values())),
            str(sum(len(differing(first, one)) for one in done)),
        ]
        for processes, done in rows.items()
    ], wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parallel", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="of the main job")
    parser.add_argument("--whole", type=int, default=3, help="of the whole campaign")
    given = parser.parse_args()
    machine = evidence.Machine.here()
    rows, wrong = compare("main job", MAIN_JOB, given.runs)
    if given.whole:
        more, others = compare("everything", (), given.whole)
        rows, wrong = rows + more, wrong + others
    print("\n".join(wrong))
    notes = [*wrong[:20], *([] if given.whole else ["The whole campaign was left out."])]
    title = "Campaigns in one process and in several"
    evidence.write(
        "parallel", evidence.Table(title, "make parallel", COLUMNS, rows, machine, notes)
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
