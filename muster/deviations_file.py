"""Reads a file of known deviations; a wrong one is refused with every error and its line."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from muster.configuration import WrongConfiguration
from muster.deviations import Deviation

Text = Annotated[StrictStr, Field(min_length=1)]
HEADER = re.compile(r"\s*\[\[\s*known\s*\]\]")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    requirement: Text
    scenario: Text
    reason: Text
    reference: Text
    expires: datetime.date


WORDS = {
    "missing": "is missing",
    "extra_forbidden": f"is not known here; there are: {', '.join(_Entry.model_fields)}",
    "string_type": "a text in quotes is expected",
    "string_too_short": "must not be empty",
    "model_type": "a table is expected",
}


def load_deviations(path: Path, requirements: Collection[str]) -> tuple[Deviation, ...]:
    """Read the tables `[[known]]`; WrongConfiguration lists all that is wrong."""
    try:
        text = path.read_bytes().decode("utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise WrongConfiguration(path, [f"cannot be read: {error.strerror}"]) from error
    except ValueError as error:
        raise WrongConfiguration(path, [f"is not TOML: {error}"]) from error
    rows = tables.pop("known", [])
    errors = [(0, f"{name} is not known here; write [[known]]") for name in tables]
    if not isinstance(rows, list):
        errors, rows = [(0, "known: write [[known]] for each deviation")], []
    found = []
    for number, row in enumerate(rows):
        wrong = list(_wrong(row, number, text, requirements))
        errors += wrong
        if not wrong:
            found.append(_deviation(row))
    if errors:
        told = [f"line {line}: {words}" if line else words for line, words in sorted(errors)]
        raise WrongConfiguration(path, told)
    return tuple(found)


def _wrong(
    row: Any, number: int, text: str, requirements: Collection[str]
) -> Iterator[tuple[int, str]]:
    try:
        entry = _Entry.model_validate(row)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            key = ".".join(map(str, problem["loc"]))
            words = WORDS.get(problem["type"], "a day is expected, as 2027-03-31 without quotes")
            yield _line(text, number, key), f"known.{key}: {words}"
        return
    if entry.requirement not in requirements:
        told = f"known.requirement: {entry.requirement} is not in the catalogue"
        yield _line(text, number, "requirement"), told


def _deviation(row: dict[str, Any]) -> Deviation:
    entry = _Entry.model_validate(row)
    return Deviation(**{**entry.model_dump(), "expires": entry.expires.isoformat()})


def _line(text: str, number: int, key: str) -> int:
    """The line of a key in the table of that number; that of the table where it has no such key."""
    lines = text.splitlines()
    headers = [at for at, line in enumerate(lines, start=1) if HEADER.match(line)]
    if number >= len(headers):
        return 0
    first = headers[number]
    last = headers[number + 1] if number + 1 < len(headers) else len(lines) + 1
    inside = range(first + 1, last)
    return next((at for at in inside if re.match(rf"\s*{key}\s*=", lines[at - 1])), first)
