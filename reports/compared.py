"""A comparison of two campaigns, told: lines for a terminal, and one page of HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from muster.evidence import Json
from muster.results import Results
from reports.compare import Comparison
from reports.html import make_environment
from reports.text import short, visible

Table: TypeAlias = tuple[str, tuple[str, ...], list[tuple[str, ...]], str]
"""Title, names of the columns, rows, and what is said where there is no row."""


def headline(it: Comparison) -> str:
    """Say in one sentence what became of the second campaign."""
    if not it.exit_code:
        return "Nothing changed."
    worse = sum(change.direction == "worse" for change in it.verdicts)
    better = sum(change.direction == "better" for change in it.verdicts)
    fails = sum(finding.severity == "FAIL" for finding in it.new_findings)
    if not it.worse:
        others = _number(len(it.verdicts) - better, "other change")
        told = f"{_number(better, 'verdict')} better, {others} of verdicts"
        return f"Something changed, and nothing is worse: {told}."
    return (
        f"{_number(worse, 'verdict')} worse, {_number(better, 'verdict')} better,"
        f" {_number(fails, 'new finding')} that fail{'s' if fails == 1 else ''},"
        f" {_number(len(it.lost_checks), 'check')} lost."
    )


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def named(results: Results) -> str:
    """Name a campaign: UE, suite and folder."""
    subject, suite = results.campaign.get("subject"), results.campaign.get("suite")
    ue = _members(subject, ("vendor", "model", "software")) or "unknown UE"
    version = _members(suite, ("version",)) or "of unknown version"
    return visible(f"{ue}, suite {version} ({results.folder.name})")


def _members(told: Json, names: Sequence[str]) -> str:
    return " ".join(str(told[name]) for name in names if name in told) if told else ""


def tables(it: Comparison) -> list[Table]:
    """Return all that differs as tables."""
    findings = ("severity", "requirement", "expected", "observed", "scenario")
    return [
        (
            "What differs between the campaigns",
            ("kind", "what", "first", "second"),
            [(d.cause, d.what, d.before, d.after) for d in it.differences],
            "The same suite ran against the same UE, configured alike.",
        ),
        (
            "Verdicts",
            ("", "scenario", "first", "second", "likely cause"),
            [
                (v.direction, f"{v.scenario} {v.title}", v.before, v.after, v.cause)
                for v in sorted(it.verdicts, key=lambda v: ORDER.index(v.direction))
            ],
            "No verdict changed.",
        ),
        (
            "New findings",
            findings,
            [
                (f.severity, f.requirement, f.expected, f.observed, f"{f.scenario} {f.title}")
                for f in it.new_findings
            ],
            "None.",
        ),
        (
            "Findings that are gone",
            findings,
            [
                (f.severity, f.requirement, f.expected, f.observed, f"{f.scenario} {f.title}")
                for f in it.gone_findings
            ],
            "None.",
        ),
        (
            "Checks that ran in the first campaign only",
            ("check", "scenario", "likely cause"),
            [(c.check, f"{c.scenario} {c.title}", c.cause) for c in it.lost_checks],
            "None.",
        ),
        ("Gaps in the records", ("note",), [(note,) for note in it.notes], "None."),
    ]


ORDER = ("worse", "other", "better")


def lines(it: Comparison, first: Results, second: Results, most: int = 20) -> Iterator[str]:
    """Yield the comparison for a terminal; of long tables the beginning."""
    yield headline(it)
    yield f"  first:  {named(first)}"
    yield f"  second: {named(second)}"
    if it.exit_code:
        yield f"  likely cause: {it.cause}"
    yield f"  scenarios with the same verdict: {it.same}"
    for title, _, rows, _ in tables(it):
        if rows:
            yield ""
            yield f"{title} ({len(rows)})"
            for row in rows[:most]:
                yield "  " + "  ".join(visible(short(cell, 160)) for cell in row)
            if len(rows) > most:
                yield f"  and {len(rows) - most} more (--json or --html FILE shows all)"


def page(it: Comparison, first: Results, second: Results) -> str:
    """Return one page of HTML without anything from outside."""
    template = make_environment().get_template("compare.html.j2")
    return template.render(
        it=it,
        headline=headline(it),
        first=named(first),
        second=named(second),
        tables=tables(it),
    )
