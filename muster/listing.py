"""`muster list`: what would run against a UE, without running it."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.text import Text

from muster.collection import FeatureFileReader, Problem, ScenarioEntry
from muster.configuration import CampaignSettings
from muster.requirements import Catalogue
from muster.selection import feature_name
from muster.suite import suite_root
from muster.tags import expression


def list_scenarios(settings: CampaignSettings, as_json: bool) -> int:
    """Print the selected scenarios; exit code 3 if a feature cannot be collected."""
    entries, problems = read_selected(settings)
    if as_json:
        click.echo(json.dumps([entry.as_event(settings.claims) for entry in entries], indent=1))
    else:
        console = Console()
        for entry in entries:
            console.print(_line(entry, settings), soft_wrap=True)
    for problem in problems:
        click.echo(f"{problem.where}: {problem.message}", err=True)
    return 3 if problems else 0


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
