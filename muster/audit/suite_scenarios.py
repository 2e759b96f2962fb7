"""The canonical scenarios of this suite, and what a campaign claims of its UE."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from muster.collection import FeatureFileReader, ScenarioEntry
from muster.evidence import Json
from muster.requirements import Catalogue
from muster.selection import feature_files
from muster.suite import suite_root
from muster.tags import SERVICES, Claims
from muster.ue.registry import not_claimed


@lru_cache(maxsize=1)
def canonical_scenarios() -> Mapping[str, ScenarioEntry]:
    """Return every scenario of features/, by id, in the order of the UE's life."""
    features = suite_root() / "features"
    catalogue = Catalogue.load(suite_root() / "fixtures" / "requirements")
    return {
        entry.id: entry
        for path in feature_files(features)
        for entry in FeatureFileReader(
            path, path.relative_to(features).as_posix(), catalogue.requirements
        ).scenarios()
    }


def claims_of(campaign: Mapping[str, Json]) -> Claims:
    """Return what the campaign's journal says was claimed."""
    ics, subject = campaign.get("ics"), campaign.get("subject")
    told = ics if isinstance(ics, Mapping) else {}
    everything = told.get("everything") is True
    driver = subject.get("driver", "") if isinstance(subject, Mapping) else ""
    return Claims(
        services=frozenset(told.get("services", SERVICES)),
        items=frozenset(told.get("items", ())),
        everything=everything,
        denied=not_claimed(str(driver)) if everything else frozenset(),
    )


def claimed_items(campaign: Mapping[str, Json], catalogue: Catalogue) -> frozenset[str]:
    """Return the items on which the weight of findings may rest."""
    facts = (fact.ics for fact in catalogue.facts.values() if fact.ics)
    return claims_of(campaign).all_items(facts)
