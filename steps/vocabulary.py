"""The words that phrases are made of: one spelling for each, so that no two phrases overlap."""

from __future__ import annotations

from typing import Any

from parse import with_pattern
from pytest_bdd import parsers

TYPES: dict[str, Any] = {
    # An MC system of the world by its label.
    "System": with_pattern(r"primary|partner|neighbour")(lambda text: text),
    # A user of the world: features write her name, the world her label.
    "User": with_pattern(r"Alice|Bob")(lambda text: text.lower()),
    # Another label of the world: a group, say.
    "Label": with_pattern(r"[a-z][a-z-]*")(lambda text: text),
    # A name in quotation marks, as that of a profile.
    "Quoted": with_pattern(r'"[^"]+"')(lambda text: text.strip('"')),
}


def phrase(text: str) -> parsers.parse:
    """Return a step phrase with our types."""
    return parsers.parse(text, extra_types=TYPES)
