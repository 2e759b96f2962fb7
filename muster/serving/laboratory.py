"""What a laboratory gives for systems that stand still, filled in where it gives nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from muster.configuration import SERVERS, Ixit

USUAL_PORTS = dict(zip(SERVERS, (8440, 8441, 8442, 8443, 8444, 5060), strict=True))
FIRST_HOST = 10
"""The first system is at 127.0.0.10, the second at 127.0.0.11, and so on."""


@dataclass(frozen=True)
class Places:
    """Addresses by system, and ports by "system.server": every server of every system has one."""

    addresses: Mapping[str, str]
    ports: Mapping[str, int]


@dataclass(frozen=True)
class Laboratory:
    """The folder, the IXIT with its secrets, and where everything stands."""

    folder: Path
    ixit: Ixit
    places: Places
    passwords: Mapping[str, str] = field(default_factory=dict)
    """By user, where they are given."""
    keylog: Path | None = None


class FolderRefused(Exception):
    """The folder cannot be used; the message names the file and what to do."""


def places_of(
    systems: Iterable[str], addresses: Mapping[str, str], ports: Mapping[str, int]
) -> Places:
    """Fill in what is not given: loopback addresses, and the same ports for each system."""
    names = list(systems)
    taken = set(addresses.values())
    usual = (f"127.0.0.{number}" for number in range(FIRST_HOST, 255))
    free = (address for address in usual if address not in taken)
    return Places(
        {name: addresses.get(name) or next(free) for name in names},
        {
            f"{name}.{server}": ports.get(f"{name}.{server}", USUAL_PORTS[server])
            for name in names
            for server in SERVERS
        },
    )
