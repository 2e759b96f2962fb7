"""Content models on which the engines are known to differ, recognised in a compiled schema."""

from collections.abc import Iterator
from itertools import pairwise

from xmlschema.validators import XsdAnyElement, XsdElement, XsdGroup

ONE_CHOICE_OF_MANY = "one choice, a repeated wildcard among its branches"
ELEMENTS_THEN_ANYTHING = "a repeated element, then a repeated wildcard"
"""Said in a complaint about such a content model."""


def marks_of(group: XsdGroup) -> Iterator[str]:
    """Yield what is special about a content model."""
    if _chooses_once_from_many(group):
        yield ONE_CHOICE_OF_MANY
    if _has_elements_then_anything(group):
        yield ELEMENTS_THEN_ANYTHING


def _chooses_once_from_many(group: XsdGroup) -> bool:
    chooses_once = group.model == "choice" and group.max_occurs == 1
    wildcards = [part for part in group if isinstance(part, XsdAnyElement)]
    if chooses_once and any(wildcard.max_occurs != 1 for wildcard in wildcards):
        return True
    return any(isinstance(part, XsdGroup) and _chooses_once_from_many(part) for part in group)


def _has_elements_then_anything(group: XsdGroup) -> bool:
    pairs = pairwise(_in_sequence(group)) if group.model == "sequence" else ()
    if any(_repeats(one, XsdElement) and _repeats(next_, XsdAnyElement) for one, next_ in pairs):
        return True
    return any(isinstance(part, XsdGroup) and _has_elements_then_anything(part) for part in group)


def _in_sequence(group: XsdGroup) -> Iterator[object]:
    """Yield the parts of a sequence, and those of sequences in it that occur once at most."""
    for part in group:
        if isinstance(part, XsdGroup) and part.model == "sequence" and part.max_occurs == 1:
            yield from _in_sequence(part)
        else:
            yield part


def _repeats(part: object, kind: type[XsdElement] | type[XsdAnyElement]) -> bool:
    return isinstance(part, kind) and part.max_occurs != 1
