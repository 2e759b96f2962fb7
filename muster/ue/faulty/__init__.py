"""UEs with one seeded fault each: the suite has to catch every one of them."""

from collections.abc import Mapping

from muster.ue.faulty import (
    bootstrap,
    contents,
    documents,
    first_steps,
    functional_aliases,
    group_retrieval,
    id_token,
    identity,
    keys,
    log_in,
    migration,
    migration_choice,
    migration_more,
    migration_service,
    migration_steps,
    migration_visit,
    notifications,
    profiles,
    retrieval,
    robustness,
    service,
    services,
    signalling,
    sip_requests,
    tokens,
    transport,
    updates,
    web,
)
from muster.ue.faulty.seeded import FaultyUe

__all__ = ["FAULTY", "FaultyUe"]

_ALL = (
    *identity.FAULTS,
    *log_in.FAULTS,
    *id_token.FAULTS,
    *tokens.FAULTS,
    *keys.FAULTS,
    *documents.FAULTS,
    *service.FAULTS,
    *services.FAULTS,
    *signalling.FAULTS,
    *sip_requests.FAULTS,
    *profiles.FAULTS,
    *functional_aliases.FAULTS,
    *updates.FAULTS,
    *notifications.FAULTS,
    *migration.FAULTS,
    *migration_choice.FAULTS,
    *migration_more.FAULTS,
    *migration_service.FAULTS,
    *migration_steps.FAULTS,
    *migration_visit.FAULTS,
    *bootstrap.FAULTS,
    *web.FAULTS,
    *robustness.FAULTS,
    *transport.FAULTS,
    *retrieval.FAULTS,
    *contents.FAULTS,
    *group_retrieval.FAULTS,
    *first_steps.FAULTS,
)

FAULTY: Mapping[str, FaultyUe] = {faulty.name: faulty for faulty in _ALL}
