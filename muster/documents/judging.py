"""One judgement of one document: what its schema and its rules say, and whether it is fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from muster.documents.parse import DocumentRefused, parse
from muster.documents.releases import releases_of
from muster.documents.rules import RuleProblem, RuleReport, apply_rules
from muster.documents.rules.defaults import meanings
from muster.documents.schemas import SchemaSet
from muster.documents.validate import Validation, validate
from muster.requirements import STRONG, Catalogue, Requirement
from muster.suite import suite_root


@dataclass(frozen=True)
class Judged:
    """One document with what schema and rules say of it."""

    name: str
    validation: Validation
    rules: RuleReport | None
    releases: tuple[str, ...] = ()
    """What tells the releases that the document is of, for people."""
    meanings: tuple[str, ...] = ()
    """What it means by leaving something out, for people."""

    @property
    def good(self) -> bool:
        """Nothing was found but warnings: a rule that is not well known convicts nobody."""
        return next(self.departures(), None) is None

    def departures(self) -> Iterator[str]:
        """Yield, for people, everything for which the document is not good."""
        for problem in self.validation.problems:
            yield f"line {problem.line} {problem.path}: {problem.reason} ({problem.engine})"
        if self.validation.disagreement:
            yield f"the engines disagree: {self.validation.disagreement}"
        for each in self.rules.problems if self.rules else ():
            if convicts(each):
                told = f"expected {each.expected}, observed {each.observed}"
                yield f"line {each.line} {each.path}: {told} ({cited(each)})"


def judge(name: str, data: bytes, schemas: SchemaSet, document_name: str | None = None) -> Judged:
    """Judge a document; rules about its name are applied where the name is known."""
    validation = validate(data, schemas)
    try:
        root = parse(data)
    except DocumentRefused:
        return Judged(name, validation, None)
    told = (tuple(releases_of(root)), tuple(meanings(root)) if validation.valid else ())
    return Judged(name, validation, apply_rules(root, document_name), *told)


def cited(problem: RuleProblem) -> str:
    """Return the requirement with its clause, level and basis."""
    row = requirements().get(problem.requirement)
    if row is None:
        return problem.requirement
    seen = "" if problem.through in STRONG else f", seen through {problem.through} names"
    return f"{problem.requirement}, {row.clause}, {row.level}, {row.basis}{seen}"


def convicts(problem: RuleProblem) -> bool:
    """Tell whether it is more than a warning: requirement and names are both well known."""
    row = requirements().get(problem.requirement)
    return problem.through in STRONG and (row is None or row.severity() == "FAIL")


@lru_cache(maxsize=1)
def requirements() -> dict[str, Requirement]:
    """Return the catalogue of the suite."""
    return Catalogue.load(suite_root() / "fixtures" / "requirements").requirements
