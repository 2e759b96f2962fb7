"""`muster doctor`: every line of the doctor, and whether verdicts would count."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from muster.campaign_settings import CampaignSettings
    from muster.doctor.lines import Line

PROBLEMS = 1
STYLES = {"ok": "green", "note": "cyan", "problem": "bold red"}


@click.command("doctor")
@click.option(
    "--ue",
    "ue_toml",
    type=click.Path(path_type=Path),
    help="The UE under test: its ue.toml. Without: a UE that comes with Muster.",
)
@click.option("--driver", metavar="NAME", help="A built-in UE instead.")
def doctor_command(ue_toml: Path | None, driver: str | None) -> None:
    """Look whether the laboratory is fit, before verdicts count.

    Holds ue.toml against the plan, and looks at ports, host names, certificates, the clock, the
    driver and the documents; last the UE bootstraps once. Ends with 1 if there is a problem.
    """
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    counts = {"ok": 0, "note": 0, "problem": 0}
    for line in _lines(ue_toml, driver):
        counts[line.state] += 1
        show(line, console)
    console.print()
    if counts["problem"]:
        one = counts["problem"] == 1
        found = "1 problem" if one else f"{counts['problem']} problems"
        told = f"{found}: a campaign would not tell of the UE alone"
        console.print(told, style="bold red")
        sys.exit(PROBLEMS)
    console.print("The laboratory is fit: verdicts count.", style="bold green")
    sys.exit(0)


def _lines(ue_toml: Path | None, driver: str | None) -> Iterator[Line]:
    from muster.configuration import WrongConfiguration
    from muster.doctor import thorough
    from muster.doctor.lines import note, ok, problem
    from muster.doctor.quick import quick_lines

    try:
        settings = _settings(ue_toml, driver)
    except WrongConfiguration as error:
        for told in error.errors:
            yield problem("ue.toml", f"{error.path}: {told}", "correct the file")
        return
    ue = settings.configuration.ue
    name = f"{ue.vendor} {ue.model} {ue.software}, driver {settings.driver_name}"
    yield ok("ue.toml" if ue_toml else "ue", name)
    fit = True
    looks = (thorough.plan, quick_lines, thorough.documents, thorough.driver)
    for line in (line for look in looks for line in look(settings)):
        fit = fit and line.state != "problem"
        yield line
    if fit:
        yield from thorough.exchange(settings)
    else:
        yield note("exchange", "not tried before the problems are solved")


def _settings(ue_toml: Path | None, driver: str | None) -> CampaignSettings:
    from muster.campaign_settings import CampaignSettings
    from muster.configuration import builtin_configuration
    from muster.selection import select
    from muster.ue_toml import load_configuration, load_secrets

    if ue_toml and driver:
        raise click.UsageError("--ue and --driver exclude each other: ue.toml names the driver")
    configuration = (
        load_configuration(ue_toml) if ue_toml else builtin_configuration(driver or "reference")
    )
    return CampaignSettings(
        configuration=configuration,
        results=Path(),
        features=select((), Path.cwd()),
        folder=Path.cwd(),
        everything=ue_toml is None,
        secrets=load_secrets(ue_toml, configuration),
    )


def show(line: Line, console: Console) -> None:
    """Print a line, and below it what to do."""
    from rich.table import Table
    from rich.text import Text

    from muster.progress import harmless

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=8)
    grid.add_column(width=13)
    grid.add_column(overflow="fold")
    state = Text(line.state, STYLES[line.state])
    grid.add_row(state, Text(line.topic, "bold"), Text(harmless(line.told)))
    if line.todo:
        style = "bold" if line.state == "problem" else "dim"
        grid.add_row("", "", Text(f"→ {harmless(line.todo)}", style))
    console.print(grid, soft_wrap=False)
