"""`python -m benchmarks [NAME...]`, which is `make bench`: all benchmarks, each in its process.

A miss stops nothing. The figures are written to results/benchmarks.json; a run of all of them also
writes the table of docs/evidence.md. Exit 1 if a budget is missed or a benchmark broke.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks import evidence
from benchmarks.figures import (
    COLUMNS,
    Figure,
    Outcome,
    failed,
    from_json,
    print_table,
    row,
    to_json,
    wide,
)

NAMES = (
    "start_up",
    "collection",
    "scenario_overhead",
    "journalling",
    "validation",
    "stub_throughput",
    "world_start",
    "report",
    "live_page",
    "campaign",
    "fleet",
)
SECONDS = 900
"""After which a benchmark is ended."""
RESULTS = evidence.ROOT / "results" / "benchmarks.json"
Found = list[tuple[str, Figure]]


class Broken(Exception):
    """A benchmark that ended without figures; the text is the end of what it said."""


def run(name: str, tiny: bool = False) -> list[Figure]:
    """The figures of one benchmark, from a process of its own. Broken if there are none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        command = [sys.executable, "-m", f"benchmarks.{name}", "--json", str(path)]
        try:
            done = subprocess.run(
                [*command, *(["--tiny"] if tiny else [])],
                cwd=evidence.ROOT,
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise Broken(f"not finished within {SECONDS} s") from None
        if not path.exists():
            raise Broken((done.stderr or done.stdout)[-2000:].strip())
        return [from_json(members) for members in json.loads(path.read_text("utf-8"))]


def run_all(
    names: Sequence[str], console: Console, tiny: bool = False
) -> tuple[Found, dict[str, str]]:
    """All figures, and of the benchmarks that broke what they said."""
    found: Found = []
    broken: dict[str, str] = {}
    for name in names:
        console.print(f"[dim]{name} ...[/]")
        try:
            found += [(name, figure) for figure in run(name, tiny)]
        except Broken as error:
            broken[name] = str(error)
    return found, broken


def write_results(
    path: Path, machine: evidence.Machine, found: Found, broken: dict[str, str]
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "when": evidence.today(),
        "machine": asdict(machine),
        "figures": [{"benchmark": name, **to_json(figure)} for name, figure in found],
        "broken": broken,
    }
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def table(machine: evidence.Machine, found: Found) -> evidence.Table:
    """The table of docs/evidence.md."""
    notes = [f"{figure.what}: {figure.note}" for _, figure in found if figure.note]
    return evidence.Table(
        title="Benchmarks",
        command="make bench",
        columns=COLUMNS,
        rows=[row(name, figure) for name, figure in found],
        machine=machine,
        notes=notes,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", type=Path, default=RESULTS, help="where to write the figures")
    given = parser.parse_args()
    unknown = set(given.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    console, machine = wide(), evidence.Machine.here()
    found, broken = run_all(given.names or NAMES, console)
    print_table(found, console)
    for name, told in broken.items():
        console.print(f"{name} broke:", told, style="bold red", markup=False)
    write_results(given.json, machine, found, broken)
    if not given.names and not broken:
        evidence.write("benchmarks", table(machine, found))
        evidence.main()
    figures = [figure for _, figure in found]
    if any(figure.outcome is Outcome.NOT_MEASURED for figure in figures):
        console.print("What is not measured here is not met: the table says why.")
    return 1 if broken or failed(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
