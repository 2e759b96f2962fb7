"""The check decorator: departures become findings, and a judgement can be given again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from muster.errors import SuiteError
from muster.evidence import Departure, Exchange, Finding, HttpExchange, Json, Judgement, Window
from muster.judging import CHECKS, PLAIN_TYPES, check, decode, encode, judge_again, plain

SEEN = HttpExchange(
    "X1", 1.0, 2.0, "primary", "cms", "C1", "GET", "/a", (), b"", 200, (), b"", "TLSv1.3"
)
OTHER = replace(SEEN, name="X2", target="/b")
WINDOW = Window(1.0, 2.0, 0.5, "the profile was asked for")


@pytest.fixture(autouse=True)
def restored_registries() -> Iterator[None]:
    checks, types = dict(CHECKS), dict(PLAIN_TYPES)
    yield
    CHECKS.clear()
    CHECKS.update(checks)
    PLAIN_TYPES.clear()
    PLAIN_TYPES.update(types)


def path_check() -> Any:
    @check("R-1", "R-2", through=["F-1"])
    def asks_for(exchange: Exchange, path: str, others: tuple[Exchange, ...] = ()) -> Any:
        """The path is the one that is wanted.

        More is told here.
        """
        assert isinstance(exchange, HttpExchange)
        if exchange.path != path:
            yield Departure(path, exchange.path)
        for other in others:
            assert isinstance(other, HttpExchange)
            if other.path != path:
                yield Departure(path, other.path, "R-2", other, through=("F-2",))

    return asks_for


def test_departures_become_findings() -> None:
    asks_for = path_check()

    judgement = asks_for(SEEN, "/c", (SEEN, OTHER))

    assert judgement == Judgement(
        check=f"{__name__}.path_check.<locals>.asks_for",
        requirements=("R-1", "R-2"),
        arguments={
            "exchange": {"$exchange": "X1"},
            "path": "/c",
            "others": [{"$exchange": "X1"}, {"$exchange": "X2"}],
        },
        exchanges=("X1", "X2"),
        findings=(
            Finding("R-1", "/c", "/a", "X1", ("F-1",)),
            Finding("R-2", "/c", "/a", "X1", ("F-1", "F-2")),
            Finding("R-2", "/c", "/b", "X2", ("F-1", "F-2")),
        ),
        statement="The path is the one that is wanted.",
    )
    assert str(judgement.findings[0]) == "R-1: expected /c, observed /a [X1]"


def test_judgement_is_given_again_from_its_record() -> None:
    asks_for = path_check()
    first = asks_for(SEEN, "/c", others=(OTHER,))
    recorded = replace(first, arguments=json.loads(json.dumps(first.arguments)))

    assert judge_again(recorded, {"X1": SEEN, "X2": OTHER}) == first


def test_default_arguments_are_recorded() -> None:
    judgement = path_check()(SEEN, path="/a")

    assert judgement.arguments["others"] == []
    assert judgement.findings == ()


@plain
@dataclass(frozen=True)
class Terminal:
    """Plain data of these tests."""

    name: str
    ports: tuple[int, ...]
    parent: Exchange | None = None


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        0.5,
        "text",
        (),
        (1, ("a", None)),
        frozenset(["b", "a"]),
        {"a": (1, 2), "b": {"c": SEEN}},
        SEEN,
        (SEEN, OTHER),
        WINDOW,
        Terminal("t", (1, 2), OTHER),
        {"windows": (WINDOW,), "set": frozenset([1])},
    ],
    ids=lambda value: type(value).__name__,
)
def test_argument_comes_back_from_json(value: Json) -> None:
    PLAIN_TYPES["Terminal"] = Terminal
    written = json.loads(json.dumps(encode(value)))

    assert decode(written, {"X1": SEEN, "X2": OTHER}) == value


@dataclass(frozen=True)
class Unknown:
    """Nobody said that checks may take this."""

    name: str


def test_plain_data_is_known_by_its_name() -> None:
    assert plain(Unknown) is Unknown
    assert PLAIN_TYPES["Unknown"] is Unknown


@pytest.mark.parametrize("value", [object(), b"bytes", 1j, int, Unknown("u")])
def test_argument_that_does_not_fit_the_journal_is_refused(value: object) -> None:
    with pytest.raises(SuiteError, match="a check cannot take"):
        encode(value)


def test_check_that_reports_what_it_does_not_cite_is_refused() -> None:
    @check("R-1")
    def stray(exchange: Exchange) -> Iterator[Departure]:
        yield Departure("a", "b", "R-9")

    with pytest.raises(SuiteError, match="reports R-9, which it does not cite"):
        stray(SEEN)


def test_check_without_requirement_is_refused() -> None:
    with pytest.raises(SuiteError, match="at least one requirement"):
        check()


def test_second_check_of_a_name_is_refused() -> None:
    path_check()

    with pytest.raises(SuiteError, match="two checks are named"):
        path_check()


def test_unknown_check_cannot_be_judged_again() -> None:
    judgement = Judgement("checks.gone", ("R-1",), {}, ("X1",), ())

    with pytest.raises(SuiteError, match=r"no check named checks\.gone"):
        judge_again(judgement, {})


def test_check_with_star_arguments_cannot_be_judged_again() -> None:
    @check("R-1")
    def starred(*exchanges: Exchange) -> Iterator[Departure]:
        yield from ()

    judgement = starred(SEEN, OTHER)

    assert judgement.exchanges == ("X1", "X2")
    with pytest.raises(SuiteError, match=r"takes \*args"):
        judge_again(judgement, {"X1": SEEN, "X2": OTHER})


def test_check_given_no_exchange_has_none() -> None:
    @check("R-1")
    def absent(found: tuple[Exchange, ...], window: Window) -> Iterator[Departure]:
        yield Departure("one", "none")

    judgement = absent((), WINDOW)

    assert (judgement.exchanges, judgement.findings[0].exchange) == ((), "")


def test_mapping_arguments_hold_exchanges_too() -> None:
    @check("R-1")
    def mapped(by_name: Mapping[str, Exchange]) -> Iterator[Departure]:
        yield from ()

    judgement = mapped({"a": SEEN})

    assert judge_again(judgement, {"X1": SEEN}) == judgement
