"""What a faulty UE is: a reference UE with one seeded fault, and what the suite must say of it."""

from __future__ import annotations

from dataclasses import dataclass

from muster.ue.reference.migration import MigrationClient
from muster.ue.reference.system import Clients
from muster.ue.reference.ue import ReferenceUe


@dataclass(frozen=True)
class FaultyUe:
    """A UE that is wrong in one way."""

    name: str
    description: str
    ue: type[ReferenceUe]
    requirement: str
    """The requirement that must report the fault: FAIL where its basis allows, else WARNING."""
    scenarios: tuple[str, ...]
    """Feature files or folders whose scenarios can tell; the first ones suffice for a proof."""
    follows: tuple[str, ...] = ()
    """Requirements whose findings follow from the fault; any other finding is a false alarm."""


def made_of(**clients: type) -> type[ReferenceUe]:
    """A reference UE with other clients, by role (see `Clients`)."""
    return changed(ReferenceUe, clients=Clients(**clients))


def migrating(migration: type[MigrationClient], **clients: type) -> type[ReferenceUe]:
    """A reference UE that migrates in another way."""
    return changed(ReferenceUe, migration_client=migration, clients=Clients(**clients))


def changed(ue: type[ReferenceUe], **attributes: object) -> type[ReferenceUe]:
    """A UE class with other class attributes."""
    return type(ue.__name__, (ue,), attributes)
