"""UEs with one seeded fault each: the suite has to catch every one of them."""

from collections.abc import Mapping

from muster.ue.faulty import documents, identity, migration, service
from muster.ue.faulty.seeded import FaultyUe

__all__ = ["FAULTY", "FaultyUe"]

_ALL = (*identity.FAULTS, *documents.FAULTS, *service.FAULTS, *migration.FAULTS)

FAULTY: Mapping[str, FaultyUe] = {faulty.name: faulty for faulty in _ALL}
