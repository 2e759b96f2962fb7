"""The line of a message that a finding is about, found by what the finding says it saw.

Checks name an exchange, not a line. What they observed is a value out of that exchange, or words
about it, so the line is looked for by these values: first by what was observed, then by what was
expected; where what was observed is that something is missing, by what was expected alone. Whole
values come before single names, a token is known by its kind and issuer, and of lines with the
same value the one counts that the rest of the finding speaks of. Where nothing of it stands in the
exchange, the message as a whole is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal
from urllib.parse import unquote

from muster.evidence import Exchange, Finding
from reports.exchanges import Message

HEAD = -1
Why = Literal["observed", "expected", "message"]
SHORTEST_WORD = 4
ABSENCE = re.compile(r"(?i)^(none|absent|missing|nothing)?$|\b(no|not|none|never|without)\b")
"""Words that say that something is not there: then what was expected tells where it belongs."""
ROUTING = ("From:", "To:", "Via:", "Contact:", "Route:", "Call-ID:", "Host:")
"""Fields that hold the same names in every message; a finding is seldom about them."""
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
    seen = _observed(finding.observed, exchange, lines, finding.expected)
    if seen is not None:
        return Line(*seen, "observed")
    wanted = _named(finding.expected, exchange, lines, finding.observed)
    if wanted is not None and (wanted[1] != HEAD or wanted[2]):
        return Line(*wanted, "expected")
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


def _observed(said: str, exchange: Exchange, lines: Sequence[Found], hint: str) -> Found | None:
    """Find what is said to be there; None where the words say that something is not."""
    if not said or ABSENCE.search(said):
        return None
    if said.split()[0] == exchange.method:
        return lines[0]
    return _named(said, exchange, lines, hint)


def _named(said: str, exchange: Exchange, lines: Sequence[Found], hint: str) -> Found | None:
    if not said.strip():
        return None
    whole = re.compile(rf"(?<!\w){re.escape(said.strip())}(?!\w)")
    found = [at for at, line in enumerate(lines) if whole.search(line[3]) or _plain(whole, line)]
    if found:
        return lines[max(found, key=lambda at: _fitness(at, lines, _distinctive(hint)))]
    return _best(said, lines) or _token(said, exchange, lines)


def _plain(whole: re.Pattern[str], line: Found) -> bool:
    return "%" in line[3] and bool(whole.search(unquote(line[3])))


def _fitness(at: int, lines: Sequence[Found], hints: frozenset[str]) -> tuple[int, bool]:
    """Of several lines with the same value: the one that the rest of the finding speaks of."""
    message, part, _, text = lines[at]
    before = [one[3] for one in lines[max(at - 2, 0) : at] if one[:2] == (message, part)]
    names = "\n".join([*before, text] if part != HEAD else [text])
    return sum(len(hint) for hint in hints if hint in names), not text.startswith(ROUTING)


def _best(said: str, lines: Sequence[Found]) -> Found | None:
    """Find the line that has most of the names in what is said."""
    words, plain = _distinctive(said), frozenset(said.lower().split())
    scores = [_score(words, line[3]) or _is_field(plain, line) for line in lines]
    best = max(scores, default=0)
    return lines[scores.index(best)] if best else None


def _token(said: str, exchange: Exchange, lines: Sequence[Found]) -> Found | None:
    """Find a token that is spoken of: masked, it has no name but its kind and its issuer."""
    labels = {
        use.label
        for use in exchange.tokens
        if f"{use.kind} token" in said and use.issuer and use.issuer in said
    }
    if not labels and "token" in said:
        labels = {use.label for use in exchange.tokens}
    if len(labels) != 1:
        return None
    (label,) = labels
    return next((line for line in lines if label in line[3]), None)


def _distinctive(said: str) -> frozenset[str]:
    words = [word.strip(".:") for word in WORD.findall(said)]
    # "profile index" is an element or attribute that is written with a hyphen.
    joined = (f"{one}-{other}" for one, other in pairwise(words))
    return frozenset(
        word
        for word in (*words, *joined)
        if len(word) >= SHORTEST_WORD and DISTINCTIVE.search(word)
    )


def _score(words: frozenset[str], text: str) -> int:
    plain = unquote(text) if "%" in text else text
    return sum(len(word) for word in words if word in text or word in plain)


def _is_field(plain: frozenset[str], line: Found) -> int:
    """A field of a form is spoken of by its plain name, such as code or password."""
    name, colon, _ = line[3].partition(": ")
    return 1 if line[1] != HEAD and colon and name in plain else 0
