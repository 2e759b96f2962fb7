"""What a scenario will ask of the UE, read from the source of its steps: nothing is run.

A stimulus in a loop counts once, one behind a condition only where the scenario has not had it.
"""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from pytest_bdd import parsers
from pytest_bdd.steps import StepFunctionContext, StepNamePrefix, step_function_context_registry

from muster.collection import ScenarioEntry
from muster.worker import step_modules

QUIET = "quiet"
"""Stands among the operations for a wait of the IXIT's quiet time."""
EVERY_SCENARIO = ("reset", "power_off")
"""What the cast asks before the first step and after the last one."""
STEPS = "steps."


@dataclass(frozen=True)
class Act:
    """One stimulus, or one quiet time, in the order of the source."""

    operation: str
    is_conditional: bool = False


class Foresight:
    """Knows every sentence of the suite, and what stands behind it."""

    def __init__(self) -> None:
        modules = step_modules(None, [])
        self._contexts = [context for module in modules for context in _contexts(vars(module))]
        self._of_text: dict[tuple[str, str], tuple[Act, ...]] = {}

    def operations(self, entry: ScenarioEntry) -> list[str]:
        """Return the operations of a scenario in their order, with each quiet time as QUIET."""
        first, last = EVERY_SCENARIO
        found = [first]
        for step in entry.rendered.steps:
            for act in self._acts(step.type, step.name):
                if not act.is_conditional or act.operation not in found:
                    found.append(act.operation)
        return [*found, last]

    def _acts(self, kind: str, text: str) -> tuple[Act, ...]:
        if (kind, text) not in self._of_text:
            fitting = (c for c in self._contexts if c.type == kind and _fits(c.parser, text))
            context = next(fitting, None)
            acts = acts_of(context.step_func) if context else ()
            self._of_text[kind, text] = acts
        return self._of_text[kind, text]


def _contexts(members: dict[str, Any]) -> Iterator[StepFunctionContext]:
    for name, value in members.items():
        if name.startswith(StepNamePrefix.step_def.value):
            unwrap = getattr(value, "_get_wrapped_function", None)
            context = step_function_context_registry.get(unwrap() if unwrap else value)
            if context is not None:
                yield context


def _fits(parser: parsers.StepParser, text: str) -> bool:
    if type(parser) is parsers.parse:
        # The parse library compares without case; its beginning is the cheap question.
        beginning = parser.name.partition("{")[0].lower()
        return text[: len(beginning)].lower() == beginning and parser.is_matching(text)
    return parser.is_matching(text)


@functools.cache
def acts_of(function: Callable[..., Any]) -> tuple[Act, ...]:
    """Return what a function of steps/ asks, by itself and by the ones that it calls."""
    return tuple(_read(function, ())) if isinstance(function, FunctionType) else ()


def _read(function: FunctionType, above: Sequence[object]) -> Iterator[Act]:
    if function in above:
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    yield from _walk(tree, function, (*above, function), False)


def _walk(
    node: ast.AST, function: FunctionType, above: Sequence[object], conditional: bool
) -> Iterator[Act]:
    for name, value in ast.iter_fields(node):
        inside = conditional or (isinstance(node, ast.If | ast.IfExp) and name != "test")
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name != "decorator_list":
                yield from _walk(child, function, above, inside)
    if isinstance(node, ast.Call):
        yield from _called(node, function, above, conditional)


def _called(
    call: ast.Call, function: FunctionType, above: Sequence[object], conditional: bool
) -> Iterator[Act]:
    match call.func, call.args:
        case ast.Attribute(attr="stimulate"), [ast.Constant(value=str(name)), *_]:
            yield Act(name, conditional)
        case ast.Attribute(attr="settled"), _:
            yield Act(QUIET, conditional)
        case ast.Name(id=name), _:
            target = function.__globals__.get(name)
            if isinstance(target, FunctionType) and (target.__module__ or "").startswith(STEPS):
                for act in _read(target, above):
                    yield Act(act.operation, conditional or act.is_conditional)
