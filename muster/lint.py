"""The feature linter: what a reader of features relies on, and no run would notice.

A run refuses what is ambiguous or undefined; here are ids, tags, wording, length, duplicates, and
whether what is cited can be found at all.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pytest_bdd import parsers
from pytest_bdd.parser import FeatureParser, Step
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

import muster.checks
from muster.collection import FeatureFileReader, Problem, ScenarioEntry
from muster.documents.rules import RULES
from muster.judging import CHECKS
from muster.requirements import Catalogue
from muster.selection import feature_files
from muster.worker import step_modules

MOST_LINES = 60
MOST_STEPS = 7
LONGEST_STEP = 120
LONGEST_TITLE = 100

OF_THE_WIRE = re.compile(
    r"https?:|sips?:|urn:|\b[1-6]\d\d\b|\b(?:GET|PUT|DELETE|ETag|If-None-Match|Event:)\b"
    r"|\b(?:Authorization|Content-Type|P-Preferred-Service|SIP-If-Match|Request-URI)\b"
    r"|application/|\.xml\b"
)
"""URLs, methods of HTTP, header fields, status numbers, media types: data, not sentences."""

VOCABULARY: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{wrong})\b", re.IGNORECASE), right)
    for wrong, right in (
        (r"log(?:s|ged|ging)? (?:in|on)", "sign in"),
        (r"log(?:s|ged|ging)? (?:out|off)", "sign out"),
        (r"IdMS|id server", "identity server"),
        (r"CMS|config(?:uration management)? server", "configuration server"),
        (r"GMS|group management server", "group server"),
        (r"KMS(?! requests?)|key management server", "key server"),
        (r"user equipment|handset|phone|device", "terminal"),
        (r"should|must|shall|will", "the present tense"),
        (r"\w+n't", "the full form (is not, does not)"),
    )
)
"""One word for each thing: what is written otherwise, and the word of the features."""

FILLERS = frozenset({"the", "a", "an", "its", "their", "that", "this", "all"})


@dataclass(frozen=True)
class Phrase:
    """One sentence that a step module defines."""

    kind: str | None
    text: str
    parser: parsers.StepParser
    where: str

    def matches(self, step: Step) -> bool:
        return self.kind in (None, step.type) and bool(self.parser.is_matching(step.name))

    @property
    def bones(self) -> tuple[str | None, str]:
        """What is left without parameters and small words: equal bones say the same thing."""
        words = re.sub(r"\{\w*(:?\w*)\}", r"{\1}", self.text.lower()).split()
        return self.kind, " ".join(word for word in words if word not in FILLERS)


@dataclass
class Suite:
    """What is linted: features, phrases of steps, checks, catalogue."""

    features: Path
    catalogue: Catalogue
    phrases: list[Phrase]
    calls: frozenset[str]
    """Full names of the checks that step modules call."""
    entries: list[ScenarioEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def cited(self) -> frozenset[str]:
        return frozenset(name for entry in self.entries for name in entry.requirements)


def lint(features: Path, catalogue: Catalogue) -> Suite:
    """Read the features of a folder; `problems` is everything that is wrong with them."""
    problems: list[Problem] = []
    phrases, calls = _steps(problems)
    suite = Suite(features, catalogue, phrases, calls, problems=problems)
    for path in feature_files(features):
        name = path.relative_to(features).as_posix()
        reader = FeatureFileReader(path, name, catalogue.requirements)
        entries = reader.scenarios()
        suite.entries += entries
        suite.problems += reader.problems
        if not reader.problems:
            suite.problems += file_problems(path, name, entries)
    suite.problems += title_problems(suite.entries)
    suite.problems += phrase_problems(suite.phrases, suite.entries)
    suite.problems += requirement_problems(suite)
    suite.problems = list(dict.fromkeys(suite.problems))
    return suite


# Files -----------------------------------------------------------------------------------------


def file_problems(path: Path, name: str, entries: Iterable[ScenarioEntry]) -> Iterator[Problem]:
    """Length, explanation and wording of one file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if len(lines) > MOST_LINES:
        yield Problem(f"has {len(lines)} lines; divide it at {MOST_LINES}", f"{name}:1")
    feature = FeatureParser(str(path.parent), path.name).parse()
    if not feature.description.strip():
        yield Problem("does not say why it is there; describe it below its title", f"{name}:1")
    background = len(feature.background.steps) if feature.background else 0
    for entry in entries:
        steps = len(entry.rendered.steps) - background
        where = f"{name}:{entry.scenario_line}"
        if steps > MOST_STEPS:
            yield Problem(f"the scenario has {steps} steps; {MOST_STEPS} are enough", where)
        if len(entry.rendered.name) > LONGEST_TITLE:
            yield Problem(f"the title has more than {LONGEST_TITLE} characters", where)
        if not entry.requirements:
            yield Problem("the scenario cites no requirement; tag it with one", where)
    for number, line in enumerate(lines, start=1):
        if not line.strip().startswith(("@", "#")):
            yield from wording_problems(line, f"{name}:{number}")


def wording_problems(line: str, where: str) -> Iterator[Problem]:
    """Words that a sentence of a feature does not use."""
    found = OF_THE_WIRE.search(line)
    if found:
        told = f"{found.group()!r} is of the wire; say what it means, data lie in fixtures/"
        yield Problem(told, where)
    if line.strip().partition(" ")[0] not in KEYWORDS:
        return  # titles and descriptions are prose
    for wrong, right in VOCABULARY:
        found = wrong.search(line)
        if found:
            yield Problem(f"{found.group()!r} is not a word of the features; write {right}", where)
    if len(line.strip()) > LONGEST_STEP:
        yield Problem(f"the step has more than {LONGEST_STEP} characters", where)


KEYWORDS = ("Given", "When", "Then", "And", "But")


def title_problems(entries: Iterable[ScenarioEntry]) -> Iterator[Problem]:
    """Titles that two scenarios share: reports and comparisons go by them."""
    first: dict[str, str] = {}
    for entry in entries:
        taken = first.setdefault(entry.title, entry.id)
        if taken != entry.id:
            yield Problem(f'another scenario is named "{entry.title}" ({taken})', entry.id)


# Phrases ---------------------------------------------------------------------------------------


def phrase_problems(phrases: list[Phrase], entries: Iterable[ScenarioEntry]) -> Iterator[Problem]:
    """Phrases that are written twice, that overlap, or that no feature uses."""
    yield from double_phrases(phrases)
    used: set[Phrase] = set()
    told: set[tuple[str, str]] = set()
    for entry in entries:
        for step in entry.rendered.steps:
            if (step.type, step.name) in told:
                continue
            told.add((step.type, step.name))
            found = [one for one in phrases if one.matches(step)]
            used.update(found)
            if len(found) != 1:
                where = f"{entry.feature_name}:{step.line_number}"
                many = " and ".join(f"`{one.text}`" for one in found) or "no phrase"
                yield Problem(f"`{step.name}` is read by {many}; one phrase must read it", where)
    for one in phrases:
        if one not in used:
            yield Problem(f"no feature uses the phrase `{one.text}`; remove it", one.where)


def double_phrases(phrases: Iterable[Phrase]) -> Iterator[Problem]:
    """Phrases that say the same in other small words."""
    first: dict[tuple[str | None, str], Phrase] = {}
    for one in phrases:
        taken = first.setdefault(one.bones, one)
        if taken is not one:
            yield Problem(f"`{one.text}` says what `{taken.text}` ({taken.where}) says", one.where)


def _steps(problems: list[Problem]) -> tuple[list[Phrase], frozenset[str]]:
    modules = list(step_modules(None, problems))
    names = {module.__name__ for module in modules}
    own = [
        context
        for context in step_function_context_registry.values()
        if context.step_func.__module__ in names
    ]
    files = [Path(module.__file__) for module in modules if module.__file__]
    called = {
        call
        for path in files
        for call in re.findall(r"\b(\w+\.\w+)\b", path.read_text(encoding="utf-8"))
    }
    checks = {name for name in _checks() if name.removeprefix("muster.checks.") in called}
    return [_phrase(context) for context in own], frozenset(checks)


def _phrase(context: StepFunctionContext) -> Phrase:
    code = context.step_func.__code__
    where = f"{'/'.join(Path(code.co_filename).parts[-2:])}:{code.co_firstlineno}"
    return Phrase(context.type, context.parser.name, context.parser, where)


def _checks() -> list[str]:
    for module in pkgutil.walk_packages(muster.checks.__path__, "muster.checks."):
        importlib.import_module(module.name)
    return [name for name in CHECKS if name.startswith("muster.checks.")]


# Requirements ----------------------------------------------------------------------------------


def requirement_problems(suite: Suite) -> Iterator[Problem]:
    """What is cited and cannot be found, and what can be found and is not cited."""
    reported = {name for check in suite.calls for name in CHECKS[check].requirements}
    for entry in suite.entries:
        for name in entry.requirements:
            if name not in reported:
                yield Problem(f"no check that a step takes can report {name}", entry.id)
            reason = suite.catalogue.requirements[name].not_tested_because
            if reason:
                yield Problem(f"{name} is tested here, but the catalogue says: {reason}", entry.id)
    for name in sorted(reported - suite.cited):
        checks = ", ".join(one for one in suite.calls if name in CHECKS[one].requirements)
        yield Problem(f"{name} is reported by {checks}, and no scenario cites it", "features:1")
    for name in sorted(set(_checks()) - suite.calls):
        yield Problem(f"the check {name} is taken by no step; use it or remove it", "steps:1")


def open_requirements(catalogue: Catalogue, cited: Iterable[str]) -> list[str]:
    """Requirements on a UE that nothing judges yet, and that do not say why."""
    judged = {*cited, *(rule.requirement for rule in RULES)}
    return [
        name
        for name, row in catalogue.requirements.items()
        if row.actor == "ue" and name not in judged and not row.not_tested_because
    ]
