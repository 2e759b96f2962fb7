"""The end of a campaign on a terminal: counts, areas, findings in a line each, what is open."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from muster.requirements import Catalogue
from muster.results import Results
from muster.verdicts import Verdict
from reports.tally import areas, finding_groups, headline, open_scenarios
from reports.text import short, visible

STYLES = {
    "PASS": "green",
    "FAIL": "bold red",
    "ERROR": "bold magenta",
    "INCONCLUSIVE": "yellow",
    "WARNING": "yellow",
    "NOT_RUN": "blue",
    "NOT_APPLICABLE": "dim",
}
MOST = 12
"""Findings and open scenarios that are listed; the report has them all."""


def print_summary(results: Results, catalogue: Catalogue, console: Console) -> None:
    """Print what a person needs before opening the report."""
    console.print()
    if results.builtin_subject:
        told = "The subject is the built-in reference UE: never certifiable."
        console.print(Text(told, style="black on yellow"))
    console.print(_area_table(results))
    _print_findings(results, catalogue, console)
    _print_open(results, console)
    _print_known(results, console)
    for place in results.broken_chains:
        console.print(_line(("RECORD CHANGED ", "bold red"), (place, "")))
    for told in (*results.suite_errors, *results.notes)[:MOST]:
        console.print(_line(("note ", "yellow"), (short(told, 300), "")))
    verdict, sentence = headline(results)
    console.print(_line((f"{verdict.replace('_', ' ')}  ", STYLES[verdict]), (sentence, "bold")))


def _area_table(results: Results) -> Table:
    table = Table(show_footer=True, box=None, pad_edge=False, footer_style="bold")
    counts = results.counts
    table.add_column("area", footer="all", no_wrap=True)
    table.add_column("selected", justify="right", footer=str(counts["selected"]))
    for verdict in Verdict:
        footer = _number(counts[verdict], verdict)
        name = "n/a" if verdict is Verdict.NOT_APPLICABLE else verdict.replace("_", " ").lower()
        table.add_column(name, justify="right", footer=footer)
    for area in areas(results):
        numbers = [_number(area.counts[verdict], verdict) for verdict in Verdict]
        table.add_row(_line((area.title, "")), str(len(area.scenarios)), *numbers)
    return table


def _number(number: int, verdict: Verdict) -> Text:
    return Text(str(number), style=STYLES[verdict] if number else "dim")


def _print_findings(results: Results, catalogue: Catalogue, console: Console) -> None:
    groups = finding_groups(results, catalogue)
    if groups:
        console.print()
    for group in groups[:MOST]:
        first = group.occurrences[0]
        requirement = group.requirement
        clause = (
            f" {requirement.clause}, {requirement.level}, {requirement.basis}"
            if requirement
            else ""
        )
        times = f", {len(group.occurrences)} times" if len(group.occurrences) > 1 else ""
        console.print(
            _line(
                (f"{group.severity} ", STYLES.get(group.severity, "")),
                (group.id, "bold"),
                (clause + times, "dim"),
            )
        )
        if requirement:
            console.print(_line(("  " + requirement.statement, "")))
        console.print(_line(("  expected ", "dim"), (short(first.finding.expected, 160), "")))
        console.print(_line(("  observed ", "dim"), (short(first.finding.observed, 160), "")))
        console.print(_line((f"  {first.finding.exchange} in {first.scenario.id}", "dim")))
    _print_rest(len(groups), "findings", console)


def _print_known(results: Results, console: Console) -> None:
    """Tell which FAILs are known, and which entries of the file are to be looked at."""
    known = [scenario for scenario in results.scenarios if scenario.known]
    for scenario in known[:MOST]:
        told = "; ".join(f"{e.reason} ({e.reference}, until {e.expires})" for e in scenario.known)
        console.print(_line(("FAIL, known ", STYLES["FAIL"]), (f"{scenario.id} {told}", "")))
    _print_rest(len(known), "known deviations", console)
    for stale in results.stale:
        entry = f"{stale.deviation.requirement} in {stale.deviation.scenario}"
        told = f"{entry}: {stale.why} ({stale.deviation.reference})"
        console.print(_line(("stale deviation ", STYLES["WARNING"]), (told, "")))


def _print_open(results: Results, console: Console) -> None:
    found = open_scenarios(results)
    if found:
        console.print()
    for scenario in found[:MOST]:
        word = f"{scenario.verdict.replace('_', ' ')} "
        told = f"{scenario.id} {scenario.reason}: {short(scenario.explanation, 160)}"
        console.print(_line((word, STYLES[scenario.verdict]), (told, "")))
    _print_rest(len(found), "open scenarios", console)


def _print_rest(number: int, what: str, console: Console) -> None:
    if number > MOST:
        console.print(_line((f"… and {number - MOST} more {what} in the report", "dim")))
    if number:
        console.print()


def _line(*parts: tuple[str, str]) -> Text:
    """Join texts as they are: what a UE sent is neither markup nor an escape sequence."""
    return Text.assemble(*((visible(text), style) for text, style in parts), overflow="fold")
