"""The index of steps finds exactly what pytest-bdd finds by walking all fixtures."""

from __future__ import annotations

import re

import pytest
from pytest_bdd import given, parsers, step, then, when
from pytest_bdd.parser import Step
from pytest_bdd.scenario import find_fixturedefs_for_step as find_without_index
from pytest_bdd.steps import step_function_context_registry

from muster.step_index import StepIndex, definitions


@given("a world")
@when("a world")
@then(parsers.parse("the {system:w} CMS is asked"))
@when(parsers.parse("{anything}"))
@when(parsers.parse("The Case differs {x}"))
@when(parsers.parse("a {{brace}} and {x}"))
@when(parsers.parse("two  blanks {x}"))
@when(parsers.cfparse("some {n:d} things"))
@when(parsers.re(r"(?P<n>\d+) times(, again)?"))
@when(parsers.re("ANY case", flags=re.IGNORECASE))
@step("of any kind")
@step(parsers.parse("of any kind {x}"))
@then("a world")
@then("a world")
def _step() -> None: ...


SENTENCES = [
    "a world",
    "A world",
    "the primary CMS is asked",
    "The primary CMS is asked",
    "the primary one CMS is asked",
    "the case differs not",
    "a {brace} and b",
    "a {{brace}} and b",
    "two  blanks b",
    "two blanks b",
    "some 3 things",
    "3 times",
    "3 times, again",
    "any CASE",
    "of any kind",
    "of any kind b",
    "nothing at all",
    "",
]


@pytest.mark.parametrize("kind", ["given", "when", "then"])
@pytest.mark.parametrize("text", SENTENCES)
def test_indexed_and_unindexed_pick_the_same(
    request: pytest.FixtureRequest, kind: str, text: str
) -> None:
    manager = request._fixturemanager
    sentence = Step(name=text, type=kind, indent=0, line_number=1, keyword=kind.title())
    index = StepIndex(definitions(manager, request.node))

    walked = [
        step_function_context_registry[fixture.func]
        for fixture in find_without_index(sentence, manager, request.node)
    ]

    assert [one.context for one in index.matching(sentence)] == walked
    assert [one.context for one in index.matching(sentence)] == walked


def test_the_debugger_step_of_pytest_bdd_is_no_sentence_of_ours(
    request: pytest.FixtureRequest,
) -> None:
    index = StepIndex(definitions(request._fixturemanager, request.node))

    assert "trace" not in {one.context.parser.name for one in index.definitions}
