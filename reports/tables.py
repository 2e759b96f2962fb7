"""Tables that belong to one scenario, as plain cells for the page's script."""

from __future__ import annotations

from dataclasses import dataclass

from muster.results import ScenarioResult
from reports.matrix import Cell as Sighted
from reports.matrix import Matrix, matrix
from reports.order import Ladder, Rung, ladders
from reports.text import short


@dataclass(frozen=True)
class Cell:
    text: str
    facts: str = ""
    """Smaller words below the text."""
    exchange: str = ""
    """Name of the exchange that the text leads to."""
    bad: bool = False


@dataclass(frozen=True)
class Table:
    title: str
    warning: str
    """What is wrong in it; empty if nothing is. A table with a warning stands open."""
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables_of(scenario: ScenarioResult) -> list[Table]:
    """Return the tables that apply to a scenario, the most telling first."""
    seen = matrix(scenario)
    return [*map(_order, ladders(scenario)), *([_who_saw_what(seen)] if seen else [])]


def _order(ladder: Ladder) -> Table:
    early = sum(rung.departs for rung in ladder.rungs)
    warning = f"{early} step{'s' if early > 1 else ''} too early" if early else ""
    partner = short(ladder.partner or "partner", 40)
    return Table(
        f"Migration to the {partner} system, in the order of TS 23.280 10.1.1.2",
        warning,
        ("", "Step", "Asked of", "Only after", "Here"),
        tuple(_rung(rung) for rung in ladder.rungs),
    )


def _rung(rung: Rung) -> tuple[Cell, ...]:
    outcome = f"{'too early: ' if rung.departs else ''}{rung.outcome}"
    after = f"{rung.after:.2f} s after the choice" if rung.exchange else ""
    return (
        Cell(str(rung.number)),
        Cell(rung.title, rung.told),
        Cell(f"{rung.system} {rung.server}", rung.clause),
        Cell("", ", ".join(rung.needs) or "nothing"),
        Cell(outcome, after, rung.exchange, rung.departs),
    )


def _who_saw_what(seen: Matrix) -> Table:
    leaks = f"{seen.leaks} leak{'s' if seen.leaks > 1 else ''}" if seen.leaks else ""
    return Table(
        "Which system saw what",
        leaks,
        ("What", "Whose", *(short(system, 14) for system in seen.systems)),
        tuple(
            (
                Cell(short(row.what, 120)),
                Cell(row.belongs_to or "nobody"),
                *(_sighting(cell) for cell in row.cells),
            )
            for row in seen.rows
        ),
    )


def _sighting(cell: Sighted | None) -> Cell:
    if cell is None:
        return Cell("")
    servers = " ".join(cell.servers)
    return Cell(f"leak: {servers}" if cell.leaks else servers, "", cell.exchange, cell.leaks)
