"""Tables of what was measured and proven, and the page that shows them: docs/evidence.md.

Each proof writes `docs/evidence/NAME.json`; the page is made of these files alone. The members of
a file: title, command (makes the table again), when (ISO date), machine (cores, python, load: the
load average of the last minute when the proof began), columns, rows (texts, as many as columns),
notes. A proof that cannot import this module writes the same members.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "evidence"
PAGE = ROOT / "docs" / "evidence.md"

PROOFS: Mapping[str, str] = {
    "proof": "faulty and conformant UEs",
    "mutation": "mutation testing",
    "survivors": "what surviving mutants changed",
    "fuzz": "fuzzing",
    "surroundings": "faults of the surroundings",
    "parallel": "parallel and distributed campaigns",
    "benchmarks": "benchmarks",
    "stub_profile": "what bounds a stub",
    "campaign_profile": "what bounds a campaign",
    "licences": "supply chain",
}
"""File names in the order of the page, each with its subject; others come after, by name."""

INTRODUCTION = """\
What shows that Muster's verdicts can be trusted, that nothing a UE does brings it down, and that it
is fast. Every table comes from a file in `docs/evidence/` that the named command writes again, from
what it measured; `make evidence` makes this page of those files. Times are of the machine that the
table names: on a loaded one they are rough, and ratios within one run are what counts.
"""


class WrongTable(ValueError):
    """A table that could not be shown, or that does not say where it comes from."""


@dataclass(frozen=True)
class Machine:
    """Where a proof ran. `load`: the load average of the last minute when it began."""

    cores: int
    python: str
    load: str

    @classmethod
    def here(cls) -> Machine:
        """This machine as it is now: to be asked before the work begins."""
        load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"
        return cls(os.cpu_count() or 1, platform.python_version(), load)


def today() -> str:
    return datetime.now(UTC).date().isoformat()


@dataclass(frozen=True)
class Table:
    """What one proof found. Every row has a text for every column."""

    title: str
    command: str
    """Makes the table again: a target of make or a command of muster."""
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    machine: Machine = field(default_factory=Machine.here)
    notes: Sequence[str] = ()
    when: str = field(default_factory=today)

    def __post_init__(self) -> None:
        if not self.title or not self.command.split():
            raise WrongTable("a table needs a title and a command")
        date.fromisoformat(self.when)
        for row in self.rows:
            if len(row) != len(self.columns):
                raise WrongTable(f"{self.title}: {len(self.columns)} columns, but a row {row}")
        if not self.columns or not self.rows:
            raise WrongTable(f"{self.title}: a table without columns or rows shows nothing")
        for text in [*self.columns, *self.notes, *(cell for row in self.rows for cell in row)]:
            if not isinstance(text, str):
                raise WrongTable(f"{self.title}: {text!r} is no text")


def write(name: str, table: Table, folder: Path = FOLDER) -> Path:
    """Write `NAME.json`. The page is another step: `make evidence`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(asdict(table), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def read(path: Path) -> Table:
    """Read a table; raise WrongTable with the file's name if it is not of the agreed form."""
    try:
        members: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return Table(**{**members, "machine": Machine(**members["machine"])})
    except (ValueError, TypeError, KeyError) as error:
        raise WrongTable(f"{path}: {error}") from error


def tables(folder: Path = FOLDER) -> dict[str, Table]:
    """All tables by name, in the order of the page."""
    order = list(PROOFS)
    names = sorted(
        (path.stem for path in folder.glob("*.json")),
        key=lambda name: (order.index(name) if name in PROOFS else len(order), name),
    )
    return {name: read(folder / f"{name}.json") for name in names}


def _row(cells: Sequence[str]) -> str:
    escaped = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _section(table: Table) -> str:
    machine = table.machine
    made = (
        f"`{table.command}`, {table.when}, {machine.cores} cores, Python {machine.python}, "
        f"load {machine.load} at the start."
    )
    lines = [f"## {table.title}", made, ""]
    lines += [_row(table.columns), f"|{'---|' * len(table.columns)}"]
    lines += [_row(row) for row in table.rows]
    if table.notes:
        lines += ["", *(f"- {note}" for note in table.notes)]
    return "\n".join(lines) + "\n"


def render(found: Mapping[str, Table]) -> str:
    """The page. It says which proofs have no table yet."""
    missing = [subject for name, subject in PROOFS.items() if name not in found]
    parts = ["# Evidence\n\n" + INTRODUCTION]
    if missing:
        parts.append(f"No table yet: {', '.join(missing)}.\n")
    return "\n".join([*parts, *(_section(table) for table in found.values())])


def main() -> int:
    try:
        PAGE.write_text(render(tables()), "utf-8")
    except WrongTable as error:
        print(error, file=sys.stderr)
        return 1
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
