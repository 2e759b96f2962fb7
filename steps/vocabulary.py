"""The words that phrases are made of: one spelling for each, so that no two phrases overlap."""

from __future__ import annotations

from typing import Any

from parse import with_pattern
from pytest_bdd import parsers

WORLDS = {"three partner systems": "three_partners"}
"""Worlds besides the default one, by the words of their sentence."""
SERVERS = {
    "identity server": "idms",
    "configuration server": "cms",
    "group server": "gms",
    "key server": "kms",
    "signalling": "sip",
}
"""Servers by their words in features."""

TYPES: dict[str, Any] = {
    # An MC system of the world by its label.
    "System": with_pattern(r"primary|partner|neighbour|overseas|annex")(lambda text: text),
    # A server by the role that it has in an MC system.
    "Server": with_pattern("|".join(SERVERS))(lambda text: SERVERS[text]),
    # A world by what it has: the file of fixtures/worlds/ that describes it.
    "World": with_pattern("|".join(WORLDS))(lambda text: WORLDS[text]),
    # A user of the world: features write her name, the world her label.
    "User": with_pattern(r"Alice|Bob")(lambda text: text.lower()),
    # An MC service: features write its name, labels and options are in lower case.
    "Service": with_pattern(r"MCPTT|MCVideo|MCData")(lambda text: text.lower()),
    # Another label of the world: a group, say.
    "Label": with_pattern(r"[a-z][a-z-]*")(lambda text: text),
    # A name in quotation marks, as that of a profile.
    "Quoted": with_pattern(r'"[^"]+"')(lambda text: text.strip('"')),
}


def phrase(text: str) -> parsers.parse:
    """Return a step phrase with our types."""
    return parsers.parse(text, extra_types=TYPES)
