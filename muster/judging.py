"""The `check` decorator: turns a generator of departures into a function that returns a Judgement.

A check sees journalled, masked evidence only, so it gives the same answer live and when `verify`
runs it again from the journal.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, ParamSpec

from muster.errors import SuiteError
from muster.evidence import (
    Contact,
    Departure,
    Exchange,
    Finding,
    HttpExchange,
    Json,
    Judgement,
    SipExchange,
    Window,
)

P = ParamSpec("P")

CHECKS: dict[str, Check] = {}
PLAIN_TYPES: dict[str, type] = {"Contact": Contact, "Window": Window}


class Check:
    """A check as it is called by steps; `Check.requirements` are the ids it can report."""

    def __init__(
        self,
        function: Callable[..., Iterator[Departure]],
        requirements: tuple[str, ...],
        through: tuple[str, ...],
    ) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.requirements = requirements
        self.through = through
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.signature = inspect.signature(function)

    def __call__(self, *args: Any, **kwargs: Any) -> Judgement:
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        exchanges = tuple(_exchanges_in(bound.arguments.values()))
        findings = tuple(
            self._finding(departure, exchanges) for departure in self.function(*args, **kwargs)
        )
        return Judgement(
            check=self.name,
            requirements=self.requirements,
            arguments={name: encode(value) for name, value in bound.arguments.items()},
            exchanges=tuple(dict.fromkeys(exchange.name for exchange in exchanges)),
            findings=findings,
            statement=(self.__doc__ or "").strip().splitlines()[0] if self.__doc__ else "",
        )

    def _finding(self, departure: Departure, exchanges: tuple[Exchange, ...]) -> Finding:
        requirement = departure.requirement or self.requirements[0]
        if requirement not in self.requirements:
            raise SuiteError(f"check {self.name} reports {requirement}, which it does not cite")
        seen = departure.exchange or (exchanges[0] if exchanges else None)
        return Finding(
            requirement=requirement,
            expected=departure.expected,
            observed=departure.observed,
            exchange=seen.name if seen else "",
            through=(*self.through, *departure.through),
        )


def check(
    *requirements: str, through: Sequence[str] = ()
) -> Callable[[Callable[P, Iterator[Departure]]], Callable[P, Judgement]]:
    """Make a check of the requirements; `through` names facts it needs to see the departure."""
    if not requirements:
        raise SuiteError("a check cites at least one requirement")

    def decorate(function: Callable[P, Iterator[Departure]]) -> Callable[P, Judgement]:
        made = Check(function, requirements, tuple(through))
        if made.name in CHECKS and CHECKS[made.name].function is not function:
            raise SuiteError(f"two checks are named {made.name}")
        CHECKS[made.name] = made
        return made

    return decorate


def plain(cls: type) -> type:
    """Register a frozen dataclass of plain data that checks may take as an argument."""
    PLAIN_TYPES[cls.__name__] = cls
    return cls


def _exchanges_in(values: Any) -> Iterator[Exchange]:
    for value in values:
        if isinstance(value, HttpExchange | SipExchange):
            yield value
        elif isinstance(value, list | tuple):
            yield from _exchanges_in(value)
        elif isinstance(value, Mapping):
            yield from _exchanges_in(value.values())


def encode(value: Any) -> Json:
    """Return an argument of a check as JSON; exchanges become references."""
    match value:
        case HttpExchange() | SipExchange():
            return {"$exchange": value.name}
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple():
            return [encode(item) for item in value]
        case frozenset() | set():
            return {"$set": sorted(encode(item) for item in value)}
        case Mapping():
            return {"$map": {str(key): encode(item) for key, item in value.items()}}
    if is_dataclass(value) and type(value).__name__ in PLAIN_TYPES:
        members = {field.name: encode(getattr(value, field.name)) for field in fields(value)}
        return {"$type": type(value).__name__, "fields": members}
    raise SuiteError(f"a check cannot take {type(value).__name__}: it would not fit the journal")


def decode(value: Json, exchanges: Mapping[str, Exchange]) -> Any:
    """The inverse of `encode`; lists come back as tuples."""
    match value:
        case {"$exchange": name}:
            return exchanges[name]
        case {"$set": items}:
            return frozenset(decode(item, exchanges) for item in items)
        case {"$map": members}:
            return {key: decode(item, exchanges) for key, item in members.items()}
        case {"$type": name, "fields": members}:
            return PLAIN_TYPES[name](**{k: decode(v, exchanges) for k, v in members.items()})
        case list():
            return tuple(decode(item, exchanges) for item in value)
    return value


def judge_again(judgement: Judgement, exchanges: Mapping[str, Exchange]) -> Judgement:
    """Run the check of a recorded judgement on the recorded exchanges."""
    if judgement.check not in CHECKS:
        raise SuiteError(f"this version of Muster has no check named {judgement.check}")
    arguments = {name: decode(v, exchanges) for name, v in judgement.arguments.items()}
    found = CHECKS[judgement.check]
    positional = [p.name for p in found.signature.parameters.values() if p.kind is p.VAR_POSITIONAL]
    if positional:
        raise SuiteError(f"check {judgement.check} takes *args, which cannot be run again")
    return found(**arguments)
