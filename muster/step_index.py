"""Finds the definitions of a step without walking all fixtures for each step.

pytest-bdd asks every fixture of the session whether it is a step that matches; with some hundred
step definitions that is nearly all of a scenario's time. Here definitions are listed once, and what
matches a sentence is remembered.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from _pytest.fixtures import FixtureDef, FixtureManager
from _pytest.nodes import Node
from pytest_bdd import parsers
from pytest_bdd.compat import get_fixture_names
from pytest_bdd.parser import Step
from pytest_bdd.steps import StepFunctionContext, StepNamePrefix, step_function_context_registry


@dataclass(frozen=True, eq=False)
class Definition:
    """One step definition, under the name of the fixture that pytest-bdd made of it."""

    fixture_name: str
    fixture: FixtureDef[object]
    context: StepFunctionContext

    @property
    def function(self) -> Callable[..., object]:
        return self.context.step_func

    @property
    def sentence(self) -> str:
        return f"{(self.context.type or 'step').capitalize()} {self.context.parser.name}"

    def may_match(self, step_type: str, text: str) -> bool:
        """False only if it cannot match: the cheap question before the parser is asked."""
        if self.context.type is not None and self.context.type != step_type:
            return False
        parser = self.context.parser
        if isinstance(parser, parsers.string):
            return parser.name == text
        if type(parser) is parsers.parse:
            # The parse library compares without case.
            beginning = parser.name.partition("{")[0]
            return text[: len(beginning)].lower() == beginning.lower()
        return True

    def matches(self, step_type: str, text: str) -> bool:
        return self.may_match(step_type, text) and bool(self.context.parser.is_matching(text))


class StepIndex:
    """The step definitions of a session, as they stand when it is made."""

    def __init__(self, manager: FixtureManager, node: Node) -> None:
        self.definitions = tuple(_definitions(manager, node))
        self._known: dict[tuple[str, str], tuple[Definition, ...]] = {}

    def matching(self, step: Step) -> tuple[Definition, ...]:
        key = (step.type, step.name)
        if key not in self._known:
            self._known[key] = tuple(
                one for one in self.definitions if one.matches(step.type, step.name)
            )
        return self._known[key]


def _definitions(manager: FixtureManager, node: Node) -> Iterator[Definition]:
    for name in get_fixture_names(manager):
        if name.startswith(StepNamePrefix.step_def.value):
            for fixture in manager.getfixturedefs(name, node) or ():
                context = step_function_context_registry.get(fixture.func)
                # pytest-bdd brings a step that opens a debugger: no sentence of ours.
                if context is not None and context.step_func.__module__ != "pytest_bdd.plugin":
                    yield Definition(name, fixture, context)


_indexes: WeakKeyDictionary[FixtureManager, StepIndex] = WeakKeyDictionary()


def index_of(manager: FixtureManager, node: Node) -> StepIndex:
    """The index of a session; all steps are those of plugins, so that every node sees the same."""
    if manager not in _indexes:
        _indexes[manager] = StepIndex(manager, node)
    return _indexes[manager]


def find_indexed(
    step: Step, fixturemanager: FixtureManager, node: Node
) -> Iterable[FixtureDef[object]]:
    """What pytest-bdd's `find_fixturedefs_for_step` gives, from the index."""
    index = index_of(fixturemanager, node.session)
    return [definition.fixture for definition in index.matching(step)]


def install() -> None:
    """Make pytest-bdd look steps up in the index."""
    # By its full name: the package shows a function of the same name in the module's place.
    vars(sys.modules["pytest_bdd.scenario"])["find_fixturedefs_for_step"] = find_indexed
