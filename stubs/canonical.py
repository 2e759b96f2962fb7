"""The documents of a world under fixed names: what two worlds say alike then has equal bytes.

Names are made anew for each world, and validators remember equal bytes only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from muster.documents.build import Terminal
from stubs.system import McSystem

FIXED_MARK = "000000"
FIXED_PORT = "49152"


class Canonical:
    """Replaces what is new in each world by a value of the same form, and nothing else.

    A document that differs from another only in these values is as valid as the other: each one is
    a whole URI, or the part of a name that a system or terminal was given at random.
    """

    def __init__(self, systems: Mapping[str, McSystem], terminal: Terminal) -> None:
        pairs = [pair for system in systems.values() for pair in _of_system(system)]
        pairs += [(terminal.mcs_ue_id, "ue-0"), (terminal.instance_id, "urn:uuid:" + "0" * 32)]
        self._pairs = [(old.encode(), new.encode()) for old, new in pairs]

    def __call__(self, body: bytes) -> bytes:
        for old, new in self._pairs:
            body = body.replace(old, new)
        return body


def _of_system(system: McSystem) -> Iterator[tuple[str, str]]:
    """Yield addresses as wholes first, for the ports in them; then the mark in any other name."""
    access = system.access
    values = [getattr(access, field.name) for field in fields(access)]
    uris = {value for value in values if isinstance(value, str)} | set(access.servers.values())
    for uri in sorted(uris, key=len, reverse=True):
        if uri.startswith(("https:", "sip:")):
            yield uri, _of_same_form(uri)
    yield f"-{system.mark}", f"-{FIXED_MARK}"


def _of_same_form(uri: str) -> str:
    scheme = uri.partition(":")[0]
    return f"{scheme}://system.example:{FIXED_PORT}/x" if scheme == "https" else "sip:x@example"
