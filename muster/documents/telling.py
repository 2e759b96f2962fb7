"""What `muster validate` tells of one document: each problem with its place, reason and source."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher, get_close_matches
from itertools import groupby
from pathlib import Path

from lxml import etree
from rich.console import Console
from rich.text import Text

from muster.documents.judging import Judged, cited, convicts, requirements
from muster.documents.recognise import BY_NAME, DocumentType
from muster.documents.rules import RuleProblem, rules_for
from muster.documents.validate import Problem, Validation

UNNAMED = "not applied, for they judge the name that a document is served under"


def tell(out: Console, judged: Judged) -> None:
    """Print verdict, problems and the rules that were applied."""
    document = judged.rules.document if judged.rules else None
    out.print(Text(f"{judged.name}: ").append(_verdict(judged)))
    if document is not None:
        schema = Path(judged.validation.schema_file).name
        known = f"{document.name}, {document.clause}, names {document.basis}, schema {schema}"
        out.print(Text(f"  {known}"))
    _tell_validation(out, judged.validation, document)
    if judged.rules is not None and document is not None:
        for problem in judged.rules.problems:
            _tell_departure(out, problem)
        for told in judged.releases:
            out.print(Text(f"  release: {told}", "dim"))
        for told in judged.meanings:
            out.print(Text(f"  absent: {told}", "dim"))
        _tell_rules(out, judged.rules.applied, document)


def _verdict(judged: Judged) -> Text:
    departures = judged.rules.problems if judged.rules else ()
    warnings = sum(not convicts(each) for each in departures)
    validation = judged.validation
    count = len(departures) - warnings + len(list(_places(validation.problems)))
    count += validation.disagreement is not None
    verdict = Text("valid", "green") if judged.good else Text(_counted(count, "problem"), "red")
    return verdict.append(f", {_counted(warnings, 'warning')}", "yellow") if warnings else verdict


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _tell_validation(out: Console, validation: Validation, document: DocumentType | None) -> None:
    for (line, path), problems in _places(validation.problems):
        out.print(_place(line, path))
        for problem in problems:
            reason = _without_namespace(problem.reason, validation.namespace)
            text = Text(f"    {problem.engine}: ").append(reason)
            out.print(text.append(f" ({problem.code})", "dim"))
        if document is not None:
            out.print(Text(f"    by the schema of {document.clause}", "dim"))
    if document is None and validation.root and not validation.valid:
        _tell_unknown(out, validation.root)
    if validation.known_difference:
        out.print(Text(f"  the engines differ: {validation.known_difference}"))
    if validation.disagreement:
        told = f"  the engines disagree, so there is no verdict: {validation.disagreement}"
        out.print(Text(told, "yellow"))


def _places(problems: Iterable[Problem]) -> Iterator[tuple[tuple[int, str], list[Problem]]]:
    """Yield what both engines say of one place together, in the order of the document."""
    ordered = sorted(problems, key=lambda each: (each.line, each.path))
    for place, found in groupby(ordered, key=lambda each: (each.line, each.path)):
        yield place, list(found)


def _place(line: int, path: str) -> Text:
    return Text(f"  line {line} ").append(path, "bold")


def _without_namespace(reason: str, namespace: str) -> str:
    """Drop what every name of the document begins with, and lxml's own word for the place."""
    return re.sub(r"^Element '[^']*': ", "", reason).replace(f"{{{namespace}}}", "")


def _tell_departure(out: Console, problem: RuleProblem) -> None:
    row = requirements().get(problem.requirement)
    out.print(_place(problem.line, problem.path))
    weight = "    " if convicts(problem) else "    warning: "
    out.print(Text(f"{weight}expected {problem.expected}, observed {problem.observed}"))
    statement = f": {row.statement}" if row else ""
    out.print(Text(f"    {cited(problem)}{statement}", "dim"))


def _tell_rules(out: Console, applied: tuple[str, ...], document: DocumentType) -> None:
    told = f"{len(applied)}: {', '.join(abridged(applied))}" if applied else "none"
    out.print(Text(f"  rules applied: {told}", "dim"))
    others = {rule.requirement for rule in rules_for(document, named=True)} - set(applied)
    if others:
        out.print(Text(f"  {UNNAMED}: {', '.join(abridged(others))}", "dim"))


def abridged(requirements: Iterable[str]) -> Iterator[str]:
    """Yield the ids in order, those that follow each other as `X-01 to 07`."""
    run: list[str] = []
    for each in sorted(requirements):
        if run and each != _next(run[-1]):
            yield _told(run)
            run = []
        run.append(each)
    if run:
        yield _told(run)


def _next(requirement: str) -> str:
    stem, number = _split(requirement)
    return f"{stem}{int(number) + 1:0{len(number)}}" if number else ""


def _told(run: list[str]) -> str:
    return run[0] if len(run) == 1 else f"{run[0]} to {_split(run[-1])[1]}"


def _split(requirement: str) -> tuple[str, str]:
    stem = requirement.rstrip("0123456789")
    return stem, requirement.removeprefix(stem)


def _tell_unknown(out: Console, root: str) -> None:
    for known in nearby(root):
        out.print(Text(f"  known nearby: <{known.root}> in {known.namespace} ({known.name})"))
    told = "docs/documents.md lists the known documents; --schemas DIR adds schemas of your own"
    out.print(Text(f"  {told}"))


def nearby(root: str) -> list[DocumentType]:
    """Return the documents with a root like this `{namespace}name`, the nearest first, or none."""
    qname = etree.QName(root)
    known: dict[str, list[DocumentType]] = defaultdict(list)
    for document in BY_NAME.values():
        known[document.root.lower()].append(document)

    def likeness(document: DocumentType) -> float:
        return SequenceMatcher(None, document.namespace, qname.namespace or "").ratio()

    # By name first: one name may be the root of several documents, apart only by namespace.
    name = qname.localname.lower()
    names = [name] if name in known else get_close_matches(name, known, n=3)
    found = [each for near in names for each in sorted(known[near], key=likeness, reverse=True)]
    # A name like no other in a namespace of ours: what that namespace has.
    return found or [each for each in BY_NAME.values() if each.namespace == qname.namespace]
