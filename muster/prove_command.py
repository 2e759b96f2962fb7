"""`muster prove`: the table of faults, what reported them, and what else was said."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.tags import AREAS

if TYPE_CHECKING:
    from muster.collection import ScenarioEntry
    from muster.counting import Definition
    from muster.proof import Proof


def _which(ues: tuple[str, ...], full: bool, within: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The UEs with the features that each is run on; LookupError where a named one has none."""
    from muster import proof

    ids = [entry.id for entry in _entries(within)]
    found = {}
    for name in proof.names(ues):
        try:
            own = proof.scenarios_of(name, full, within)
            more = () if full else proof.sample_of(name, own, ids)
            found[name] = more if name.startswith("variant:") and more else (*own, *more)
        except LookupError:
            if ues:
                raise
    return found


def _unshaken(proofs: list[Proof], within: tuple[str, ...]) -> list[Definition]:
    """The definitions of these areas (none named: of all) that no faulty UE failed."""
    from muster.counting import definitions, unshaken

    told = [name for proof in proofs if proof.requirement for name in proof.told]
    return unshaken(definitions(_entries(within)), told)


def _entries(within: tuple[str, ...]) -> list[ScenarioEntry]:
    """The scenarios of these areas; none named: all."""
    from muster.campaign_settings import CampaignSettings
    from muster.configuration import builtin_configuration
    from muster.listing import read_selected
    from muster.selection import select

    folder = Path.cwd()
    settings = CampaignSettings(
        configuration=builtin_configuration(),
        results=folder,
        features=select(within, folder),
        folder=folder,
        everything=True,
    )
    return read_selected(settings)[0]


@click.command("prove")
@click.argument("ues", nargs=-1, metavar="[UE]...")
@click.option("-n", "jobs", type=click.IntRange(1, 64), help="Campaigns at a time; four a core.")
@click.option("--full", is_flag=True, help="Every scenario against every UE.")
@click.option(
    "--in",
    "within",
    multiple=True,
    metavar="AREA",
    type=click.Choice(AREAS),
    help="Only features of this area, and UEs that they can tell; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="The table as JSON.")
def prove_command(
    ues: tuple[str, ...], jobs: int | None, full: bool, within: tuple[str, ...], as_json: bool
) -> None:
    """Run the suite against UEs whose fault is known, and against right ones that differ.

    A fault that its requirement does not report, or a finding that does not follow from the
    fault, fails the proof (exit 1); so does a check that neither a fault nor an exchange test
    makes report.
    """
    from rich.console import Console
    from rich.table import Table

    from muster import proof
    from muster.pytest_process import processes

    try:
        which = _which(ues, full, within)
    except LookupError as error:
        raise click.UsageError(str(error.args[0])) from error
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = 160  # in a log nobody sees the edge of a window
    done = 0

    def tell(result: proof.Proof) -> None:
        nonlocal done
        done += 1
        said = "holds" if result.holds else "DOES NOT HOLD"
        console.print(f"[{done}/{len(which)}] {result.name}: {said}", markup=False)

    proofs = proof.prove(which, jobs or processes("auto"), tell)
    if as_json:
        sys.stdout.write(json.dumps([vars(p) | {"holds": p.holds} for p in proofs], indent=2))
    else:
        table = Table("UE", "must be reported by", "was", "follows", "anything else")
        for result in proofs:
            table.add_row(
                result.name,
                result.requirement or "nothing",
                result.severity or ("not reported" if result.requirement else "nothing"),
                ", ".join(result.follows),
                "; ".join(result.alarms),
                style="" if result.holds else "red",
            )
        console.print(table)
    left: list[tuple[str, str]] = []
    if not ues and not within:
        tested, left = proof.unkilled(proofs)
        console.print(f"{len(tested)} checks are reported by exchange tests alone:", markup=False)
        for check, requirement in tested:
            console.print(f"  {check} {requirement}", markup=False)
        console.print(f"checks that nothing makes report: {len(left) or 'none'}", markup=False)
        for check, requirement in left:
            console.print(f"  {check} {requirement}", markup=False)
    if not ues:
        for one in _unshaken(proofs, within):
            console.print(f"{one.id} is failed by no fault: {one.title}", markup=False)
    broken = [result.name for result in proofs if not result.holds]
    console.print(f"{len(proofs) - len(broken)} of {len(proofs)} proofs hold", markup=False)
    sys.exit(1 if broken or left else 0)
