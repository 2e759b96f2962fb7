"""Reads feature files into scenarios, one for each scenario and each row of Examples.

Every scenario is keyed by file and line. What is wrong with a file is told, never passed over.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gherkin.dialect import Dialect
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.gherkin_parser import ExamplesTable, GherkinDocument, get_gherkin_document
from pytest_bdd.gherkin_parser import Feature as GherkinFeature
from pytest_bdd.gherkin_parser import Rule as GherkinRule
from pytest_bdd.gherkin_parser import Scenario as GherkinScenario
from pytest_bdd.gherkin_parser import Tag as GherkinTag
from pytest_bdd.parser import (
    PARAM_RE,
    Feature,
    FeatureParser,
    Rule,
    Scenario,
    ScenarioTemplate,
    Step,
)

from muster.evidence import Json
from muster.tags import SERVICES, Claims, expression, ics_tags, tag_problem


@dataclass(frozen=True)
class Problem:
    """A defect of the suite: what is wrong, what to do, and where (file:line)."""

    message: str
    where: str


@dataclass(frozen=True)
class ScenarioEntry:
    """One scenario as it will run: rendered, with the tags of everything around it."""

    id: str
    title: str
    feature_name: str
    feature_title: str
    line: int
    scenario_line: int
    """Of the outline, where `line` is that of a row; else the same."""
    tags: tuple[str, ...]
    requirements: tuple[str, ...]
    feature: Feature
    rendered: Scenario

    @property
    def area(self) -> str:
        """The folder it is in; "own" for a feature that is in none."""
        return PurePosixPath(self.feature_name).parent.name or "own"

    @property
    def service(self) -> str:
        """The MC service that it is about; empty for none or several."""
        services = [tag for tag in self.tags if tag in SERVICES]
        return services[0] if len(services) == 1 else ""

    @property
    def marks(self) -> tuple[str, ...]:
        requirements, items = set(self.requirements), set(ics_tags(self.tags))
        return tuple(tag for tag in self.tags if tag not in requirements and tag not in items)

    def as_event(self, claims: Claims) -> dict[str, Json]:
        """Return what the journal says of it when it is collected."""
        return {
            "id": self.id,
            "title": self.title,
            "feature": self.feature_name,
            "feature_title": self.feature_title,
            "area": self.area,
            "line": self.line,
            "tags": list(self.tags),
            "requirements": list(self.requirements),
            "service": self.service,
            "applicable": claims.applies(self.tags),
            "ics": expression(self.tags),
        }


@functools.cache
def _parsed(path: str, changed: int, size: int) -> GherkinDocument:
    """What a file says, parsed once for as long as it stays: forks know what was parsed before."""
    return get_gherkin_document(path)


class FeatureFileReader:
    """Reads one file; `problems` fills while scenarios are made."""

    def __init__(self, path: Path, name: str, requirements: Collection[str]) -> None:
        self.path = path
        self.name = name
        self.requirements = requirements
        self.problems: list[Problem] = []

    def scenarios(self) -> list[ScenarioEntry]:
        document = self._document()
        if document is None:
            return []
        try:
            parser = _Parsed(self.path, document)
            parser.parse()
        except GherkinParseError as error:
            self._problem(error.line or 1, error.message)
            return []
        entries = [
            entry
            for rule, scenario in self._named(document.feature)
            for entry in self._entries(
                [*document.feature.tags, *(rule.tags if rule else ()), *scenario.tags],
                scenario,
                parser.templates[scenario.location.line],
            )
        ]
        if not entries and not self.problems:
            self._problem(1, "the feature holds no scenario; write one or remove the file")
        return entries

    def _document(self) -> GherkinDocument | None:
        try:
            now = self.path.stat()
            return _parsed(str(self.path), now.st_mtime_ns, now.st_size)
        except GherkinParseError as error:
            errors = getattr(error.__cause__, "errors", ())
            for one in errors:
                line = one.location["line"] if one.location else error.line
                self._problem(line, f"cannot be read as Gherkin: {_plain(one)}")
            if not errors:
                self._problem(error.line or 1, f"cannot be read as Gherkin: {error.message}")
        except OSError as error:
            self._problem(1, f"cannot be read: {error.strerror}")
        except UnicodeDecodeError as error:
            self._problem(1, f"is not UTF-8 (byte {error.start}); save it as UTF-8")
        except (TypeError, KeyError):
            self._problem(1, "holds no Feature; begin it with `Feature: ...`")
        return None

    def _problem(self, line: int, message: str) -> None:
        found = Problem(message, f"{self.name}:{line}")
        if found not in self.problems:
            self.problems.append(found)

    def _named(
        self, feature: GherkinFeature
    ) -> Iterator[tuple[GherkinRule | None, GherkinScenario]]:
        """Yield scenarios with their rule, and tell of those whose name is taken."""
        first: dict[str, int] = {}
        for rule, scenario in _all_scenarios(feature):
            line = scenario.location.line
            if scenario.name in first:
                self._problem(
                    line,
                    f'a scenario is named "{scenario.name}" in line {first[scenario.name]} already;'
                    " give each scenario of a feature its own name",
                )
            first.setdefault(scenario.name, line)
            yield rule, scenario

    def _entries(
        self, tags: list[GherkinTag], scenario: GherkinScenario, template: ScenarioTemplate
    ) -> Iterator[ScenarioEntry]:
        line = scenario.location.line
        if not scenario.steps:
            self._problem(
                line, f'the scenario "{scenario.name}" has no steps of its own; write them'
            )
            return
        if not self._is_outline(scenario, template.feature):
            yield self._entry(template, tags, line, {})
        elif not scenario.examples:
            self._problem(line, f'the outline "{scenario.name}" has no Examples; add a table')
        for table in scenario.examples:
            for row_line, row in self._rows(table):
                yield self._entry(template, [*tags, *table.tags], row_line, row)

    def _is_outline(self, scenario: GherkinScenario, feature: Feature) -> bool:
        dialect = Dialect.for_name(feature.language)
        words = dialect.scenario_outline_keywords if dialect else ()
        return bool(scenario.examples) or scenario.keyword.strip() in words

    def _rows(self, table: ExamplesTable) -> Iterator[tuple[int, dict[str, str]]]:
        line = table.location.line
        if table.table_header is None or not table.table_body:
            self._problem(line, "the Examples have no rows; add one or remove the table")
            return
        names = [cell.value for cell in table.table_header.cells]
        if len(set(names)) < len(names):
            self._problem(line, "the Examples have two columns of one name; rename one")
            return
        for row in table.table_body:
            values = [cell.value for cell in row.cells]
            yield row.location.line, dict(zip(names, values, strict=True))

    def _entry(
        self,
        template: ScenarioTemplate,
        tags: list[GherkinTag],
        line: int,
        row: Mapping[str, str],
    ) -> ScenarioEntry:
        rendered = template.render(row)
        self._check_placeholders(rendered, template)
        # A row that names a service is of that service, as if its table were tagged with it.
        service = row.get("service", "").lower()
        names = (*self._checked(tags), *((service,) if service in SERVICES else ()))
        title = rendered.name
        if row and title == template.name:
            title = f"{title} [{', '.join(row.values())}]"
        return ScenarioEntry(
            id=f"{self.name}:{line}",
            title=title,
            feature_name=self.name,
            feature_title=template.feature.name,
            line=line,
            scenario_line=template.line_number,
            tags=tuple(dict.fromkeys(names)),
            requirements=tuple(name for name in names if name in self.requirements),
            feature=template.feature,
            rendered=rendered,
        )

    def _checked(self, tags: list[GherkinTag]) -> tuple[str, ...]:
        for tag in tags:
            problem = tag_problem(tag.name.removeprefix("@"), self.requirements)
            if problem:
                self._problem(tag.location.line, f"{problem}; correct or remove the tag")
        return tuple(dict.fromkeys(tag.name.removeprefix("@") for tag in tags))

    def _check_placeholders(self, rendered: Scenario, template: ScenarioTemplate) -> None:
        # A doc string may hold XML: there only the name of some column is a placeholder.
        columns = {name for table in template.examples for name in table.example_params}
        texts = [(template.line_number, rendered.name, True)]
        for step in rendered.steps:
            texts += [(step.line_number, text, True) for text in (step.name, *_cells(step))]
            texts.append((step.line_number, step.docstring or "", False))
        for line, text, strict in texts:
            for name in PARAM_RE.findall(text):
                if strict or name in columns:
                    self._problem(
                        line, f"no column of the Examples gives <{name}>; add it or correct it"
                    )


class _Parsed(FeatureParser):
    """pytest-bdd's parser, given a document that was read before.

    Its feature knows scenarios by name, the last of each; here all are kept, by line.
    """

    def __init__(self, path: Path, document: GherkinDocument) -> None:
        super().__init__(str(path.parent), path.name)
        self._document = document
        self.templates: dict[int, ScenarioTemplate] = {}

    def _parse_feature_file(self) -> GherkinDocument:
        return self._document

    def parse_scenario(
        self, scenario_data: GherkinScenario, feature: Feature, rule: Rule | None = None
    ) -> ScenarioTemplate:
        template = super().parse_scenario(scenario_data, feature, rule)
        self.templates[template.line_number] = template
        return template


def _all_scenarios(
    feature: GherkinFeature,
) -> Iterator[tuple[GherkinRule | None, GherkinScenario]]:
    for child in feature.children:
        if child.scenario:
            yield None, child.scenario
        elif child.rule:
            for inner in child.rule.children:
                if inner.scenario:
                    yield child.rule, inner.scenario


def _cells(step: Step) -> Iterator[str]:
    if step.datatable:
        yield from (cell.value for row in step.datatable.rows for cell in row.cells)


def _plain(error: Exception) -> str:
    # Gherkin's own messages begin with "(line:column): ".
    return str(error).partition(": ")[2] or str(error)
