"""What the suite covers, without a run: each requirement with its scenarios, or why it has none."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from muster.evidence import Json
from muster.requirements import STRONG, Catalogue, Requirement
from reports.html import make_environment

BASES = ("verified", "derived", "corroborated", "reported", "provisional")
ACTORS = ("ue", "server", "system")
BEGIN, END = "<!-- coverage -->", "<!-- /coverage -->"
BLOCK = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)
OPEN = "open: nothing judges it yet"
ON_DOCUMENTS = "judged on documents alone, by `muster validate`"

Citing: TypeAlias = Mapping[str, Sequence[str]]
"""The scenarios (ids) that cite each requirement."""


@dataclass(frozen=True)
class Row:
    """One requirement, and what the suite does about it."""

    requirement: Requirement
    scenarios: tuple[str, ...]
    is_rule: bool = False
    """True if a rule on documents judges it, also where no scenario does."""

    @property
    def tested(self) -> bool:
        return bool(self.scenarios)

    @property
    def worth(self) -> str:
        """What a departure gives: FAIL, WARNING or nothing."""
        return self.requirement.severity() or "nothing"

    @property
    def reason(self) -> str:
        """Why no scenario tests it; empty for a tested one."""
        if self.tested:
            return ""
        given = self.requirement.not_tested_because
        return given or (ON_DOCUMENTS if self.is_rule else OPEN)

    @property
    def document(self) -> str:
        """The document that says it: TS 24.484, RFC 4825."""
        return " ".join(self.requirement.clause.split()[:2])

    def as_json(self) -> dict[str, Json]:
        row = self.requirement
        return {
            **{"id": row.id, "clause": row.clause, "level": row.level, "basis": row.basis},
            **{"actor": row.actor, "client": row.client, "statement": row.statement},
            **{"a_departure_gives": self.worth, "scenarios": list(self.scenarios)},
            "not_tested_because": self.reason,
        }


def rows_of(catalogue: Catalogue, citing: Citing, rules: Collection[str]) -> list[Row]:
    """Return a row for each requirement of the catalogue, in the order of ids."""
    return [
        Row(requirement, tuple(citing.get(name, ())), name in rules)
        for name, requirement in sorted(catalogue.requirements.items())
    ]


# Summaries -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """How many requirements of one kind there are, and what becomes of them."""

    name: str
    total: int
    tested: int
    fail: int
    """Tested ones of which a departure fails the UE."""
    scenarios: int

    @property
    def untested(self) -> int:
        return self.total - self.tested


def summary(name: str, rows: Sequence[Row]) -> Summary:
    tested = [row for row in rows if row.tested]
    return Summary(
        name=name,
        total=len(rows),
        tested=len(tested),
        fail=sum(row.worth == "FAIL" for row in tested),
        scenarios=len({scenario for row in tested for scenario in row.scenarios}),
    )


def by_basis(rows: Sequence[Row]) -> list[Summary]:
    return [summary(name, [r for r in rows if r.requirement.basis == name]) for name in BASES]


def by_actor(rows: Sequence[Row]) -> list[Summary]:
    found = [summary(name, [r for r in rows if r.requirement.actor == name]) for name in ACTORS]
    return [one for one in found if one.total]


def by_document(rows: Sequence[Row]) -> list[Summary]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.document].append(row)
    return [summary(name, grouped[name]) for name in sorted(grouped)]


def groups(rows: Sequence[Row]) -> list[tuple[str, list[Summary]]]:
    """Return the summaries by what they are of."""
    return [
        ("basis", by_basis(rows)),
        ("actor", by_actor(rows)),
        ("document", by_document(rows)),
    ]


def reasons(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Count the reasons for which requirements are not tested, the most frequent first."""
    counts = Counter(row.reason for row in rows if not row.tested)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


# Told ------------------------------------------------------------------------------------------

HEAD = ("requirements", "tested", "a departure fails", "not tested", "scenarios")


def lines(rows: Sequence[Row], every: bool = False) -> Iterator[str]:
    """Yield the coverage for a terminal: summaries, and with `every` each requirement."""
    whole = summary("all", rows)
    yield (
        f"{whole.tested} of {whole.total} requirements are tested, by {whole.scenarios} scenarios;"
        f" a departure from {whole.fail} of them fails a UE, from the others it gives a warning."
    )
    for title, summaries in groups(rows):
        yield ""
        yield f"{title:<16}" + "".join(f"{name:>19}" for name in HEAD)
        for one in [*summaries, whole]:
            cells = (one.total, one.tested, one.fail, one.untested, one.scenarios)
            yield f"{one.name:<16}" + "".join(f"{cell:>19}" for cell in cells)
    yield ""
    yield "not tested because"
    yield from (f"{count:>5}  {reason}" for reason, count in reasons(rows))
    if every:
        yield ""
        for row in rows:
            told = f"{len(row.scenarios)} scenarios" if row.tested else f"not tested: {row.reason}"
            kind = f"{row.requirement.level}, {row.requirement.basis}, {row.requirement.actor}"
            yield f"{row.requirement.id}  {row.requirement.clause} ({kind}): {told}"


def markdown(rows: Sequence[Row]) -> str:
    """Return the table for the README: a row per document, and what is not covered."""
    made = ["| document | " + " | ".join(HEAD) + " |", "|---|" + "---:|" * len(HEAD)]
    for one in (*by_document(rows), summary("**all**", rows)):
        cells = (one.total, one.tested, one.fail, one.untested, one.scenarios)
        made.append(f"| {one.name} | " + " | ".join(map(str, cells)) + " |")
    weak = sum(row.tested and row.requirement.basis not in STRONG for row in rows)
    made += [
        "",
        f"{weak} of the tested requirements rest on text that is only reported or provisional:"
        " a departure from them gives a warning, never a FAIL.",
    ]
    return "\n".join(made)


def block(rows: Sequence[Row]) -> str:
    return f"{BEGIN}\n{markdown(rows)}\n{END}"


def with_block(text: str, rows: Sequence[Row]) -> str | None:
    """Return a text with its coverage block made anew; None if it has none."""
    return BLOCK.sub(lambda _: block(rows), text, count=1) if BLOCK.search(text) else None


def page(rows: Sequence[Row]) -> str:
    """Return the whole matrix as one page of HTML without anything from outside."""
    template = make_environment().get_template("coverage.html.j2")
    return template.render(
        rows=rows,
        whole=summary("all", rows),
        groups=groups(rows),
        head=HEAD,
        reasons=reasons(rows),
    )
