"""Documents of a laboratory in place of ours: everything wrong with them, before anything starts.

They are filled in for a sample of the world, validated, rule-checked, and compared with what the
suite counts on: a profile that lists another group than the world has would convict a good UE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from muster.documents.build import Document
from muster.documents.judging import judge
from muster.documents.parse import DocumentRefused, parse
from muster.documents.rules.reading import children, text_of
from muster.documents.sample import sample_builder
from muster.documents.schemas import SchemaSet
from muster.documents.templates import TemplateProblem, Templates, own_templates
from muster.documents.vocabulary import GROUP_LIST
from muster.documents.worlds import ProfilePlan, WorldPlan

PARTS = "parts"
_GROUP_ENTRIES = ("entry", "MCVideo-Group-ID")


@dataclass(frozen=True)
class Filled:
    """A sample of the laboratory's documents, or why there is none."""

    documents: tuple[tuple[str, Document], ...]
    problems: tuple[str, ...]


def problems_of(folder: Path, plans: Sequence[WorldPlan], schemas: SchemaSet) -> list[str]:
    """Return what is wrong with the documents of a folder; an empty list when they can serve.

    They serve in every world that a scenario may choose, so they are filled in for each.
    """
    files = sorted(path for path in folder.rglob("*.xml") if path.is_file())
    if not files:
        return [f"{folder}: holds no .xml file"]
    filled = [_fill(Templates(folder), plan) for plan in plans]
    problems = [problem for each in filled for problem in each.problems]
    unfit: set[Path] = set()
    for each in filled:
        told: dict[Path, list[str]] = {document.template: [] for _, document in each.documents}
        for system, document in each.documents:
            if document.template.is_relative_to(folder) or _has_parts(files):
                told[document.template] += _problems(folder, system, document, schemas)
        # What is wrong in one world is not told again for the next.
        problems += [line for file, lines in told.items() if file not in unfit for line in lines]
        unfit |= {file for file, lines in told.items() if lines}
    if not any(each.problems for each in filled):
        used = {document.template for each in filled for _, document in each.documents}
        problems.extend(_unused(folder, files, used))
    return list(dict.fromkeys(problems))


def _fill(templates: Templates, plan: WorldPlan) -> Filled:
    documents, problems = [], []
    for system, build in sample_builder(plan, templates).orders():
        try:
            document = build()
            document.write()
            documents.append((system, document))
        except TemplateProblem as problem:
            problems.append(str(problem))
    return Filled(tuple(documents), tuple(problems))


def _has_parts(files: list[Path]) -> bool:
    return any(file.parent.name == PARTS for file in files)


def _problems(folder: Path, system: str, document: Document, schemas: SchemaSet) -> Iterator[str]:
    template = document.template
    file = template.relative_to(folder) if template.is_relative_to(folder) else template.name
    where = f"{file} (as {document.name} of the {system} system)"
    profile = document.type.name.endswith("user-profile")
    judged = judge(where, document.body, schemas, document.name if profile else None)
    if judged.rules is not None and judged.rules.document != document.type:
        found = judged.rules.document
        yield f"{where}: a {document.type.name} is expected, not {found.name if found else 'this'}"
        return
    yield from (f"{where}: {told}" for told in judged.departures())
    yield from (f"{where}: {told}" for told in _contradictions(document))


def _contradictions(document: Document) -> Iterator[str]:
    """Yield where a document says other things than the suite will judge by."""
    try:
        root = parse(document.body)
    except DocumentRefused:
        return
    said = {text.strip() for text in _texts(root)}
    for name in sorted(document.names - said):
        yield f"does not say {name}, which the suite counts on"
    if document.profile is not None:
        yield from _other_than_planned(root, document.profile)
    if document.type.service and document.type.name.endswith("user-profile"):
        listed = set(_groups_of(root, document.type.service))
        for group in sorted(listed - document.names):
            yield f"lists the group {group}, which the world does not have"


def _other_than_planned(root: etree._Element, plan: ProfilePlan) -> Iterator[str]:
    """Yield where a profile is marked, or enabled, other than the world plans it."""
    if bool(children(root, "Pre-selected-indication")) != plan.preselected:
        wanted = "is the pre-selected one" if plan.preselected else "is not the pre-selected one"
        yield f"<Pre-selected-indication>: in this world the profile {wanted}"
    enabled = {text_of(status) in ("true", "1") for status in children(root, "Status")}
    if enabled and enabled != {plan.enabled}:
        yield f"<Status>: in this world the profile is {'' if plan.enabled else 'not '}enabled"


def _texts(root: etree._Element) -> Iterator[str]:
    for element in root.iter(etree.Element):
        yield element.text or ""
        yield from (str(value) for value in element.attrib.values())


def _groups_of(root: etree._Element, service: str) -> Iterator[str]:
    for listed in root.iter(f"{{*}}{GROUP_LIST[service].text}"):
        for name in _GROUP_ENTRIES:
            for entry in listed.iterfind(f"{{*}}{name}/{{*}}uri-entry"):
                yield (entry.text or "").strip()


def _unused(folder: Path, files: list[Path], used: set[Path]) -> Iterator[str]:
    parts = {part.name for part in (own_templates() / PARTS).iterdir()}
    for file in files:
        is_part = file.parent.name == PARTS and file.name in parts
        if file not in used and not is_part:
            told = "takes the place of no document; docs/documents.md lists the names"
            yield f"{file.relative_to(folder)}: {told}"
