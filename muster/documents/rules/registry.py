"""How a rule is written, found and applied."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from muster.documents.recognise import DocumentType, recognise
from muster.requirements import Basis


@dataclass(frozen=True)
class RuleProblem:
    """One departure of a document from one requirement."""

    line: int
    path: str
    expected: str
    observed: str
    requirement: str = ""
    """Set when the rule is applied; a rule does not repeat it."""
    through: Basis = "verified"
    """How well the weakest of the names is known by which it was seen."""


@dataclass(frozen=True)
class Subject:
    """The document a rule looks at."""

    root: etree._Element
    type: DocumentType
    name: str | None = None
    """The last path segment of the document's URI, where it is known."""

    @property
    def service(self) -> str:
        """`mcptt`, `mcvideo` or `mcdata`."""
        return self.type.service or "mcptt"


RuleFunction = Callable[[Subject], Iterator[RuleProblem]]


@dataclass(frozen=True)
class RegisteredRule:
    """A requirement, the documents it is about, and the function that looks."""

    requirement: str
    documents: tuple[str, ...]
    look: RuleFunction
    needs_name: bool = False


@dataclass(frozen=True)
class RuleReport:
    """What the rules say of one document; `document` is None for an unknown kind."""

    document: DocumentType | None
    applied: tuple[str, ...] = ()
    """The requirements that were looked at."""
    problems: tuple[RuleProblem, ...] = ()


RULES: list[RegisteredRule] = []


def rule(
    requirement: str, *, documents: tuple[str, ...], needs_name: bool = False
) -> Callable[[RuleFunction], RuleFunction]:
    """Register a function as the rule of a requirement; it may serve several, one above another.

    A rule with `needs_name` is applied only where the name of the document is known.
    """

    def register(look: RuleFunction) -> RuleFunction:
        RULES.append(RegisteredRule(requirement, documents, look, needs_name))
        return look

    return register


def rules_for(document: DocumentType, named: bool = False) -> list[RegisteredRule]:
    """Return the rules of a kind of document."""
    return [r for r in RULES if document.name in r.documents and (named or not r.needs_name)]


def apply_rules(root: etree._Element, document_name: str | None = None) -> RuleReport:
    """Apply every rule of the document that `root` announces."""
    document = recognise(root)
    if document is None:
        return RuleReport(None)
    subject = Subject(root, document, document_name)
    rules = rules_for(document, document_name is not None)
    problems = [
        replace(problem, requirement=each.requirement)
        for each in rules
        for problem in each.look(subject)
    ]
    applied = tuple(sorted({each.requirement for each in rules}))
    return RuleReport(document, applied, tuple(sorted(problems, key=lambda p: p.line)))
