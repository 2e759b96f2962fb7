"""The tags that a feature may carry, and what they say about when a scenario applies."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, TypeAlias

AREAS = (
    "bootstrap",
    "identity",
    "keys",
    "ue_configuration",
    "user_profile",
    "group_configuration",
    "service_configuration",
    "service_authorisation",
    "updates",
    "profile_selection",
    "migration",
    "robustness",
)
"""The folders of features/, in the order of the UE's life."""

Service: TypeAlias = Literal["mcptt", "mcvideo", "mcdata"]
SERVICES: tuple[Service, ...] = ("mcptt", "mcvideo", "mcdata")

MARKS: dict[str, str] = {
    **{area: f"the {area} features" for area in AREAS},
    **{service: f"needs the service {service}" for service in SERVICES},
    "client": "about the clients of the UE",
    "baseline": "what every UE must pass before anything else is worth trying",
    "main_job": "one path through every step of life, from bootstrap to migration",
    "slow": "takes longer than a few seconds",
}
"""Every tag that is neither a requirement nor an ICS item, with what it means."""

ICS = "ics:"
NEGATION = "not-"
OR = "|"
"""Between items of one tag; several tags must all hold, so that any expression can be written."""
ITEM = re.compile(r"(?!not-)[A-Za-z0-9_][A-Za-z0-9_:.-]*")
LIKE_A_REQUIREMENT = re.compile(r"[A-Z]+[A-Z0-9]*[0-9-]\S*-\d+")


class UnknownItem(ValueError):
    """Not the name of an ICS item."""


def check_item(item: str) -> str:
    """Return the item; UnknownItem if no `@ics:` tag could name it."""
    if not ITEM.fullmatch(item):
        raise UnknownItem(
            f"{item!r} cannot be an item; an item is a word such as"
            " service_authorisation_by_publish, and does not begin with not-"
        )
    return item


def tag_problem(tag: str, requirements: Collection[str]) -> str | None:
    """Say what is wrong with a tag, or None: a requirement, an ICS item or a known mark."""
    if tag in requirements or tag in MARKS:
        return None
    if tag.startswith(ICS):
        named = all(ITEM.fullmatch(item) for item in items_in(tag.removeprefix(ICS)))
        return None if named else f"@{tag} names no ICS item"
    if LIKE_A_REQUIREMENT.fullmatch(tag):
        return f"@{tag} is not a requirement of the catalogue{_near(tag, requirements)}"
    return f"@{tag} is not a known tag{_near(tag, [*MARKS, *requirements])}"


def _near(tag: str, known: Collection[str]) -> str:
    close = get_close_matches(tag, known, n=3, cutoff=0.7)
    return f"; near to it: {', '.join('@' + name for name in close)}" if close else ""


@dataclass(frozen=True)
class Claims:
    """What is claimed of the UE under test."""

    services: frozenset[str]
    items: frozenset[str]
    everything: bool = False
    """A built-in UE without a `ue.toml`: every item is claimed, but for those `denied`."""
    denied: frozenset[str] = frozenset()

    def applies(self, tags: Sequence[str]) -> bool:
        """True unless the tags ask for a service or an item that is not claimed."""
        services = {tag for tag in tags if tag in SERVICES}
        served = not services or bool(services & self.services)
        return served and all(self.has(tag.removeprefix(ICS)) for tag in ics_tags(tags))

    def has(self, expression: str) -> bool:
        """Whether one of the alternatives of a tag holds."""
        return any(self._holds(term) for term in expression.split(OR))

    def _holds(self, expression: str) -> bool:
        item = expression.removeprefix(NEGATION)
        claimed = item in self.items or (self.everything and item not in self.denied)
        return claimed if item == expression else not claimed

    def all_items(self, known: Iterable[str]) -> frozenset[str]:
        """The claimed items one by one; `known` are those that facts and features name."""
        items = set(self.items)
        if self.everything:
            items.update(known)
        return frozenset(items) - self.denied


def items_in(expression: str) -> list[str]:
    """The items that an expression (a tag without `ics:`) names."""
    return [term.removeprefix(NEGATION) for term in expression.split(OR)]


def ics_tags(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag.startswith(ICS))


def expression(tags: Sequence[str]) -> str:
    """What the ICS must claim for a scenario to apply, in words; empty for always."""
    terms = [" or ".join(tag for tag in tags if tag in SERVICES)]
    terms += [_in_words(tag.removeprefix(ICS).split(OR)) for tag in ics_tags(tags)]
    alone = len([term for term in terms if term]) == 1
    terms = [f"({term})" if " or " in term and not alone else term for term in terms]
    return " and ".join(term for term in terms if term)


def _in_words(alternatives: Sequence[str]) -> str:
    return " or ".join(
        f"not {term.removeprefix(NEGATION)}" if term.startswith(NEGATION) else term
        for term in alternatives
    )
