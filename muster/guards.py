"""Guards on steps: what pytest-bdd would pass over in silence becomes an error of the suite."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from pytest_bdd.parser import Step

from muster.collection import Problem, ScenarioEntry
from muster.step_index import Definition, StepIndex


def async_steps(definitions: Iterable[Definition]) -> Iterator[Problem]:
    """Tell of steps that would be called, never awaited, and so pass."""
    for definition in definitions:
        function = inspect.unwrap(definition.function)
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            yield Problem(
                f"the step `{definition.sentence}` is an async function, which would pass without"
                " running; make it a plain function",
                place_of(definition),
            )


def step_problems(entries: Iterable[ScenarioEntry], index: StepIndex) -> Iterator[Problem]:
    """Tell of steps that no definition, or more than one, stands for."""
    told: set[Problem] = set()
    for entry in entries:
        for step in entry.rendered.steps:
            where = f"{entry.feature_name}:{step.line_number}"
            for message in _wrong_with(step, index):
                problem = Problem(message, where)
                if problem not in told:
                    told.add(problem)
                    yield problem


def _wrong_with(step: Step, index: StepIndex) -> Iterator[str]:
    found = index.matching(step)
    sentence = f"`{step.keyword} {step.name}`"
    if not found:
        yield f"no step of the suite reads {sentence}{_near(step, index)}"
    elif len(found) > 1:
        places = ", ".join(f"`{one.sentence}` ({place_of(one)})" for one in found)
        yield f"{sentence} is ambiguous: {places}; change one of the definitions"
    else:
        given = {"datatable": step.datatable, "docstring": step.docstring}
        takes = _parameters(found[0].function)
        for kind, value in given.items():
            if value is not None and kind not in takes:
                yield (
                    f"{sentence} has a {kind} that its definition ({place_of(found[0])}) does not"
                    " take; remove it"
                )


@functools.cache
def _parameters(function: Callable[..., object]) -> frozenset[str]:
    return frozenset(inspect.signature(function).parameters)


def _near(step: Step, index: StepIndex) -> str:
    known = {one.context.parser.name: one.sentence for one in index.definitions}
    close = get_close_matches(step.name, known, n=3, cutoff=0.55)
    near = " or ".join(f"`{known[name]}`" for name in close)
    return f"; did you mean {near}?" if near else "; write it with the steps that there are"


def place_of(definition: Definition) -> str:
    code = inspect.unwrap(definition.function).__code__
    return f"{'/'.join(Path(code.co_filename).parts[-2:])}:{code.co_firstlineno}"
