"""The line of a message that a finding is about, found by what the finding says it saw.

Checks name an exchange, not a line. What they observed is a value out of that exchange, or words
about it, so the line is looked for by these values: first by what was observed, then by what was
expected. A token is looked for by its kind and issuer. Where neither stands in the exchange, the
message as a whole is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from muster.evidence import Exchange, Finding
from reports.exchanges import Message

HEAD = -1
Why = Literal["observed", "expected", "message"]
SHORTEST_WORD = 4
ABSENT = frozenset({"none", "absent", "missing", "nothing", "no", "yes", "other", "not"})
WORD = re.compile(r"[^\s,;\"'()<>\[\]{}]+")
DISTINCTIVE = re.compile(r"[0-9/:@._+-]|.[A-Z]")
"""Names, addresses, tokens and numbers; plain words of a sentence are in many lines."""


@dataclass(frozen=True)
class Line:
    """Where a finding points to."""

    message: int
    """Of the exchange: 0 is the request, then the responses."""
    part: int
    """Of the body; HEAD for the start line and the header fields."""
    number: int
    """Counted from 0."""
    text: str
    why: Why


@dataclass(frozen=True)
class Excerpt:
    """The offending line with its neighbours, for a reader who opens nothing."""

    start: str
    """The start line of the message."""
    before: tuple[str, ...]
    line: Line
    after: tuple[str, ...]


def offending(finding: Finding, exchange: Exchange, messages: Sequence[Message]) -> Line:
    """Return the line that shows the departure; the start line where no line alone does."""
    lines = list(_lines(_order(exchange, len(messages)), messages))
    told: tuple[tuple[str, Why], ...] = (
        (finding.observed, "observed"),
        (finding.expected, "expected"),
    )
    for said, why in told:
        best = _best(said, lines) or _token(said, exchange, lines)
        if best is not None:
            return Line(*best, why)
    return Line(*lines[0], "message")


def excerpt(line: Line, messages: Sequence[Message], around: int = 2) -> Excerpt:
    """Return the line among its neighbours."""
    message = messages[line.message]
    texts = _texts(message)[line.part]
    first = max(line.number - around, 1 if line.part == HEAD else 0)
    before = tuple(texts[first : line.number])
    after = tuple(texts[line.number + 1 : line.number + 1 + around])
    return Excerpt(message.start, before, line, after)


Found = tuple[int, int, int, str]


def _order(exchange: Exchange, count: int) -> list[int]:
    """What the UE sent comes first: that is what is judged."""
    to_ue = exchange.kind == "sip" and getattr(exchange, "direction", "") == "to_ue"
    order = list(range(count))
    return [*order[1:], 0] if to_ue and count > 1 else order


def _lines(order: Iterable[int], messages: Sequence[Message]) -> Iterator[Found]:
    for at in order:
        for part, texts in _texts(messages[at]).items():
            for number, text in enumerate(texts):
                yield at, part, number, text


def _texts(message: Message) -> dict[int, list[str]]:
    """The lines of a message as they are shown, by part of the body."""
    lines = {HEAD: [message.start, *(f"{name}: {value}" for name, value in message.fields)]}
    for at, part in enumerate(message.body.parts if message.body else ()):
        form = [f"{name}: {value}" for name, value in part.form]
        lines[at] = form or part.text.split("\n")
    return lines


def _best(said: str, lines: Sequence[Found]) -> Found | None:
    said = said.strip()
    if not said or said.lower() in ABSENT:
        return None
    whole = re.compile(rf"(?<!\w){re.escape(said)}(?!\w)")
    for line in lines:
        if whole.search(line[3]) or whole.search(unquote(line[3])):
            return line
    words = _distinctive(said)
    scores = [_score(words, line[3]) for line in lines]
    best = max(scores, default=0)
    return lines[scores.index(best)] if best else None


def _token(said: str, exchange: Exchange, lines: Sequence[Found]) -> Found | None:
    """Find a token that is spoken of by its kind and its issuer: masked, it has no other name."""
    for use in exchange.tokens:
        if f"{use.kind} token" in said and use.issuer and use.issuer in said:
            return next((line for line in lines if use.label in line[3]), None)
    return None


def _distinctive(said: str) -> frozenset[str]:
    words = (word.strip(".:") for word in WORD.findall(said))
    return frozenset(
        word for word in words if len(word) >= SHORTEST_WORD and DISTINCTIVE.search(word)
    )


def _score(words: frozenset[str], text: str) -> int:
    plain = unquote(text)
    return sum(len(word) for word in words if word in text or word in plain)
