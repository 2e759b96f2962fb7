"""Finds the definitions of a step without walking all fixtures for each step.

pytest-bdd asks every fixture of the session whether it is a step that matches; with some hundred
step definitions that is nearly all of a scenario's time. Here definitions are listed once, and what
matches a sentence is remembered.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import pytest
from _pytest.fixtures import FixtureManager
from _pytest.nodes import Node
from pytest_bdd import parsers
from pytest_bdd.compat import get_fixture_names
from pytest_bdd.parser import Step
from pytest_bdd.steps import StepFunctionContext, StepNamePrefix, step_function_context_registry
from pytest_bdd.utils import get_required_args

LETTERS = 8
"""So much of the beginning of a sentence tells most definitions apart."""


@dataclass(frozen=True, eq=False)
class Definition:
    """One step definition, as pytest-bdd keeps it."""

    context: StepFunctionContext

    @property
    def function(self) -> Callable[..., object]:
        return self.context.step_func

    @property
    def sentence(self) -> str:
        return f"{(self.context.type or 'step').capitalize()} {self.context.parser.name}"

    @functools.cached_property
    def beginning(self) -> str:
        """What a sentence begins with that can match, in lower case; empty if that is not known."""
        parser = self.context.parser
        if isinstance(parser, parsers.string):
            return parser.name.lower()
        if type(parser) is parsers.parse:
            # The parse library compares without case.
            return parser.name.partition("{")[0].lower()
        return ""

    def may_match(self, step_type: str, text: str) -> bool:
        """False only if it cannot match: the cheap question before the parser is asked."""
        if self.context.type is not None and self.context.type != step_type:
            return False
        return text[: len(self.beginning)].lower() == self.beginning

    def matches(self, step_type: str, text: str) -> bool:
        return self.may_match(step_type, text) and _is_matching(self.context.parser, text)


@functools.cache
def _is_matching(parser: parsers.StepParser, text: str) -> bool:
    """What a parser says, asked once: a worker knows what the process it was forked from asked."""
    return bool(parser.is_matching(text))


class StepIndex:
    """The step definitions of a session, as they stand when it is made."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.definitions = tuple(definitions)
        self._known: dict[tuple[str, str], tuple[Definition, ...]] = {}
        self._by_beginning: dict[str, list[tuple[int, Definition]]] = {}
        for place, one in enumerate(self.definitions):
            # Shorter ones stand under themselves: a sentence is looked up under each length.
            self._by_beginning.setdefault(one.beginning[:LETTERS], []).append((place, one))

    def matching(self, step: Step) -> tuple[Definition, ...]:
        key = (step.type, step.name)
        if key not in self._known:
            found = [
                (place, one)
                for length in range(min(LETTERS, len(step.name)) + 1)
                for place, one in self._by_beginning.get(step.name[:length].lower(), ())
                if one.matches(step.type, step.name)
            ]
            self._known[key] = tuple(one for _, one in sorted(found, key=lambda each: each[0]))
        return self._known[key]


def rehearse(sentences: Iterable[Step]) -> None:
    """Match sentences with all definitions that are loaded: what is forked later knows the answers.

    Two of one name would hide each other in a session; here each is asked, as it may be the one.
    """
    index = StepIndex(map(Definition, step_function_context_registry.values()))
    for sentence in sentences:
        index.matching(sentence)


def definitions(manager: FixtureManager, node: Node) -> Iterator[Definition]:
    """The step definitions that a node of a session sees."""
    for name in get_fixture_names(manager):
        if name.startswith(StepNamePrefix.step_def.value):
            for fixture in manager.getfixturedefs(name, node) or ():
                context = step_function_context_registry.get(fixture.func)
                # pytest-bdd brings a step that opens a debugger: no sentence of ours.
                if context is not None and context.step_func.__module__ != "pytest_bdd.plugin":
                    yield Definition(context)


_indexes: WeakKeyDictionary[FixtureManager, StepIndex] = WeakKeyDictionary()


def index_of(manager: FixtureManager, node: Node) -> StepIndex:
    """The index of a session; all steps are those of plugins, so that every node sees the same."""
    if manager not in _indexes:
        _indexes[manager] = StepIndex(definitions(manager, node))
    return _indexes[manager]


def get_step_function(request: pytest.FixtureRequest, step: Step) -> StepFunctionContext | None:
    """What pytest-bdd's function of this name gives, from the index and without a fixture."""
    found = index_of(request._fixturemanager, request.session).matching(step)
    # pytest-bdd takes the last of several; the guards let no such step come here.
    return found[-1].context if found else None


def install() -> None:
    """Make pytest-bdd look steps up in the index, and signatures of steps only once."""
    # By its full name: the package shows a function of the same name in the module's place.
    module = vars(sys.modules["pytest_bdd.scenario"])
    module["get_step_function"] = get_step_function
    module["signature"] = functools.cache(inspect.signature)
    module["get_required_args"] = functools.cache(get_required_args)
