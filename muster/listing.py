"""`muster list`: what would run against a UE, without running it."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from muster.campaign_settings import CampaignSettings
from muster.collection import FeatureFileReader, Problem, ScenarioEntry
from muster.counting import MIGRATION, by_basis, count, definitions, repeated
from muster.requirements import Catalogue
from muster.selection import feature_name
from muster.suite import suite_root
from muster.tags import expression

COUNTED = ("scenarios", "definitions", "distinct", "requirements")
KNOWN = ("in scenarios", "in document rules", "not tested, with reason", "open")


def list_scenarios(settings: CampaignSettings, as_json: bool, counted: bool = False) -> int:
    """Print the selected scenarios; exit code 3 if a feature cannot be collected."""
    entries, problems = read_selected(settings)
    if as_json:
        click.echo(json.dumps([entry.as_event(settings.claims) for entry in entries], indent=1))
    elif counted:
        _print_counts(entries)
    else:
        console = Console()
        for entry in entries:
            console.print(_line(entry, settings), soft_wrap=True)
        console.print(f"\n{_sum(entries, settings)}", highlight=False, soft_wrap=True)
    for problem in problems:
        click.echo(f"{problem.where}: {problem.message}", err=True)
    return 3 if problems else 0


def _sum(entries: list[ScenarioEntry], settings: CampaignSettings) -> str:
    found = count(definitions(entries))
    applicable = sum(settings.claims.applies(entry.tags) for entry in entries)
    return (
        f"scenarios {found.scenarios}, of which {applicable} apply; "
        f"definitions {found.definitions}; requirements {found.requirements}"
    )


def _print_counts(entries: list[ScenarioEntry]) -> None:
    """Show what there is by area, and how well the requirements are known."""
    found = definitions(entries)
    areas = dict.fromkeys(one.area for one in found)
    parts = {area: [one for one in found if one.area == area] for area in areas}
    parts["primary system"] = [one for one in found if one.area != MIGRATION]
    parts["all"] = found
    table = Table("area", *(Column(name, justify="right") for name in COUNTED))
    for name, part in parts.items():
        sums = count(part)
        columns = (sums.scenarios, sums.definitions, sums.distinct, sums.requirements)
        table.add_row(name, *map(str, columns), end_section=name == list(areas)[-1])
    catalogue = Catalogue.load(suite_root() / "fixtures" / "requirements")
    basis = Table("basis", *(Column(name, justify="right") for name in KNOWN))
    from muster.documents.rules import RULES

    cited = {one for each in found for one in each.requirements}
    known = by_basis(catalogue, cited, (rule.requirement for rule in RULES))
    rows = {each: list(vars(numbers).values()) for each, numbers in known.items()}
    for each, numbers in rows.items():
        basis.add_row(each, *map(str, numbers))
    basis.add_section()
    basis.add_row("all", *(str(sum(column)) for column in zip(*rows.values(), strict=True)))
    console = Console()
    console.print(table, basis)
    for earlier, later in repeated(found):
        console.print(f"{later} says what {earlier} says", highlight=False)


def read_selected(settings: CampaignSettings) -> tuple[list[ScenarioEntry], list[Problem]]:
    root = suite_root()
    catalogue = Catalogue.load(root / "fixtures" / "requirements")
    entries: list[ScenarioEntry] = []
    problems: list[Problem] = []
    for selected in settings.features:
        name = feature_name(selected.path, root / "features", settings.folder)
        reader = FeatureFileReader(selected.path, name, catalogue.requirements)
        lines = set(selected.lines)
        entries += [
            entry
            for entry in reader.scenarios()
            if not lines or lines & {entry.line, entry.scenario_line}
        ]
        problems += reader.problems
    return entries, problems


def _line(entry: ScenarioEntry, settings: CampaignSettings) -> Text:
    line = Text(entry.id, "bold" if settings.claims.applies(entry.tags) else "dim")
    line.append(f"  {entry.title}", "not bold")
    needs = expression(entry.tags)
    if needs:
        applies = "applies" if settings.claims.applies(entry.tags) else "does not apply"
        line.append(f"  ({applies}: {needs})", "not bold dim")
    if entry.requirements:
        line.append(f"\n    {' '.join(entry.requirements)}", "not bold dim")
    return line
