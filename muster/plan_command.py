"""`muster plan`: scenarios, resets, prompts and minutes of a campaign, before it begins."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from muster.cli import check_expressions, make_settings, selection_options

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from muster.campaign_settings import CampaignSettings
    from muster.planning import Plan


@click.command("plan")
@selection_options
@click.option("-k", "keywords", default="", metavar="EXPR", help="Only titles and tags like this.")
@click.option("-m", "marks", default="", metavar="EXPR", help="Only scenarios so marked.")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    default=Path("results"),
    help="Earlier campaigns, for how long scenarios take.",
    show_default=True,
)
@click.option("--verbose", is_flag=True, help="Name every scenario.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def plan_command(
    names: tuple[str, ...],
    ue_toml: Path | None,
    driver: str | None,
    steps: Path | None,
    keywords: str,
    marks: str,
    results: Path,
    verbose: bool,
    as_json: bool,
) -> None:
    """Say what `muster run` with the same arguments will do; nothing is started.

    Which scenarios are selected and why others are not, how often the UE is reset and asked to
    act, how often a person is prompted, and about how long it takes.
    """
    from rich.console import Console

    from muster.planning import plan_of

    check_expressions(keywords, marks)
    settings = make_settings(names, ue_toml, driver, steps)
    plan = plan_of(settings, keywords, marks, results)
    if as_json:
        click.echo(json.dumps(as_document(plan, settings), indent=1))
    else:
        tell(plan, settings, Console(soft_wrap=True, highlight=False), verbose)
    for problem in plan.problems:
        click.echo(f"{problem.where}: {problem.message}", err=True)
    sys.exit(3 if plan.problems else 0)


def as_document(plan: Plan, settings: CampaignSettings) -> dict[str, Any]:
    """The plan as JSON."""
    return {
        "driver": settings.configuration.driver.kind,
        "scenarios": [
            {
                "id": one.entry.id,
                "title": one.entry.title,
                "operations": one.operations,
                "quiet_times": one.quiet,
                "seconds": round(one.seconds, 2),
                "recorded": one.is_recorded,
            }
            for one in plan.scenarios
        ],
        "not_applicable": {
            needs: [entry.id for entry in entries] for needs, entries in plan.not_applicable.items()
        },
        "left_out": plan.left_out,
        "operations": dict(plan.operations),
        "prompts": prompts(plan, settings),
        "quiet_times": plan.quiet,
        "seconds": round(plan.seconds, 1),
    }


def prompts(plan: Plan, settings: CampaignSettings) -> int:
    """How often a person is asked to do something."""
    by_hand = settings.configuration.driver.kind == "operator"
    return plan.operations.total() if by_hand else 0


def tell(plan: Plan, settings: CampaignSettings, console: Console, verbose: bool) -> None:
    ue = settings.configuration.ue
    subject = " ".join((ue.vendor, ue.model, ue.software))
    console.print(f"{subject}, driver {settings.driver_name}\n", markup=False)
    if plan.scenarios:
        console.print(_table(plan))
        console.print()
    if verbose:
        for one in plan.scenarios:
            console.print(f"{one.entry.id}  {one.entry.title}", markup=False)
            console.print(f"    {', '.join(one.operations)}", style="dim", markup=False)
        console.print()
    _tell_others(plan, console, verbose)
    if plan.scenarios:
        _tell_work(plan, settings, console)
    else:
        console.print("Nothing will run.", style="yellow")


def _table(plan: Plan) -> Table:
    from rich.table import Table

    table = Table(show_footer=True, box=None, pad_edge=False, footer_style="bold")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in plan.scenarios:
        counts[one.entry.area]["scenarios"] += 1
        counts[one.entry.area]["operations"] += len(one.operations)
        counts[one.entry.area]["seconds"] += round(one.seconds)
    for entries in plan.not_applicable.values():
        for entry in entries:
            counts[entry.area]["others"] += 1
    total = sum(counts.values(), Counter[str]())
    table.add_column("area", footer="all", no_wrap=True)
    for name, key in (("will run", "scenarios"), ("n/a", "others"), ("operations", "operations")):
        table.add_column(name, footer=str(total[key]), justify="right")
    table.add_column("about", footer=in_words(plan.seconds), justify="right")
    for area, row in counts.items():
        seconds = sum(one.seconds for one in plan.scenarios if one.entry.area == area)
        cells = [str(row[key]) for key in ("scenarios", "others", "operations")]
        table.add_row(area.replace("_", " "), *cells, in_words(seconds))
    return table


def _tell_others(plan: Plan, console: Console, verbose: bool) -> None:
    for needs, entries in sorted(plan.not_applicable.items(), key=lambda item: -len(item[1])):
        one = len(entries) == 1
        told = f"{len(entries)} {'does' if one else 'do'} not apply: the ICS does not claim"
        console.print(f"{told} {needs}", markup=False)
        for entry in entries if verbose else ():
            console.print(f"    {entry.id}  {entry.title}", style="dim", markup=False)
    if plan.left_out:
        console.print(f"{plan.left_out} are left out by -k or -m")
    if plan.not_applicable or plan.left_out:
        console.print()


def _tell_work(plan: Plan, settings: CampaignSettings, console: Console) -> None:
    from rich.padding import Padding

    asked = plan.operations
    listed = ", ".join(f"{name} {count}" for name, count in asked.most_common() if name != "reset")
    console.print(f"The UE is reset {asked['reset']} times, and asked to act:")
    console.print(Padding(listed, (0, 0, 0, 2)), soft_wrap=False)
    by_hand = prompts(plan, settings)
    if by_hand:
        console.print(f"A person is prompted {by_hand} times, one scenario after the other.")
    ixit = settings.ixit
    if plan.quiet and not settings.configuration.builtin:
        quiet = ixit.quiet_seconds * ixit.clock_scale
        console.print(
            f"Silence is waited for {plan.quiet} times, {quiet:g} s each"
            f" (clock scale {ixit.clock_scale:g})."
        )
    recorded = sum(one.is_recorded for one in plan.scenarios)
    ground = f"{recorded} of {len(plan.scenarios)} as recorded in {plan.recorded_in}"
    if not recorded:
        from muster.planning import SECONDS

        each = SECONDS[settings.configuration.driver.kind]
        ground = f"estimated, with {each:g} s for an operation"
    only = settings.one_worker
    more = f"{only[0].upper()}{only[1:]}: -n changes nothing." if only else "With -n it is less."
    console.print(f"About {in_words(plan.seconds)} ({ground}). {more}", style="bold", markup=False)


def in_words(seconds: float) -> str:
    """A duration as a person plans with it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02} min"
