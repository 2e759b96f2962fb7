"""Which releases a document is of: what any release allows is accepted, and told.

Elements stand here by the release whose text first has them, as far as that is known: where only
an early and a late text were read, all that is known is that they came after the early one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from muster.documents.vocabulary import (
    SERVICE_CONFIGURATION,
    UE_CONFIGURATION,
    UE_INITIAL_CONFIGURATION,
    USER_PROFILE,
)

KMS = "urn:3gpp:ns:mcsecKMSInterface:1.0"


@dataclass(frozen=True)
class Additions:
    """What came into the documents of one namespace after its first text."""

    first: str
    """The release of the earliest text that was read."""
    since: Mapping[str, str]
    """By local name of an element, when it came."""


def _additions(first: str, **names: str) -> Additions:
    """Keyword is the time, value the names: `after_Rel_13="a b"`."""
    since = {
        name: time.replace("Rel_", "Rel-").replace("_", " ")
        for time, listed in names.items()
        for name in listed.split()
    }
    return Additions(first, MappingProxyType(since))


ADDITIONS: Mapping[str, Additions] = MappingProxyType(
    {
        UE_INITIAL_CONFIGURATION: _additions(
            "Rel-13",
            after_Rel_13="MCPTT-Service-Details MCVideo-Service-Details MCData-Service-Details "
            "MCCommonCore-Service-Details MCIdM-Service-Details MCPTT-ref-SNSSAI "
            "MCVideo-ref-SNSSAI MCData-ref-SNSSAI MC-common-core-ref-SNSSAI MC-ID-ref-SNSSAI "
            "SNSSAI lms Idm-Client-Id mcServiceUELabel",
        ),
        UE_CONFIGURATION["mcptt"].text: _additions("Rel-13"),
        USER_PROFILE["mcptt"].text: _additions(
            "Rel-13",
            after_Rel_13="MigratablePartnerMCPTTSystemInfo PartnerMCPTTSystemId "
            "FunctionalAliasList LocationCriteriaForActivation LocationCriteriaForDeactivation "
            "RulesForAffiliation RulesForDeaffiliation ListOfAllowedFAsToCall "
            "ListOfAllowedFAsToBeCalledFrom IncomingPrivateCallList LocationUserProfileURI "
            "MaxSimultaneousEmergencyGroupCalls user-max-simultaneous-authorizations "
            "allow-adhoc-group-call allow-adhoc-group-call-participation "
            "allow-functional-alias-binding-with-group "
            "allow-query-functional-alias-other-user allow-takeover-functional-alias-other-user "
            "allow-to-modify-adhoc-group-call-participants-info "
            "allow-to-receive-non-acknowledged-users-information "
            "allow-to-receive-private-call-from-any-user",
        ),
        SERVICE_CONFIGURATION["mcptt"].text: _additions("Rel-13", after_Rel_13="adhoc-group-call"),
        SERVICE_CONFIGURATION["mcvideo"].text: _additions(
            "Rel-14",
            Rel_15="tc-timers-counters-R15",
            Rel_18="tc-timers-counters-R18",
        ),
        KMS: _additions("Rel-15", Rel_17="TrK-ID Signature-ID KmsLookup"),
    }
)
"""By namespace; for others, one text was read or none."""


def releases_of(root: etree._Element) -> Iterator[str]:
    """Yield, for people, what tells the releases of a document; nothing where none is known."""
    namespace = etree.QName(root).namespace or ""
    found: dict[str, list[str]] = {}
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        additions = ADDITIONS.get(name.namespace or "")
        if additions and name.localname in additions.since:
            names = found.setdefault(additions.since[name.localname], [])
            names.extend([name.localname] if name.localname not in names else [])
    for time, names in sorted(found.items()):
        yield f"{time}: {', '.join(names)}"
    if not found and namespace in ADDITIONS:
        yield f"nothing newer than {ADDITIONS[namespace].first}"
    if namespace == UE_CONFIGURATION["mcvideo"].text:
        there = "with" if _ends_with_any_ext(root) else "without"
        yield f"{there} the anyExt that V20.0.0 wants at the end"


def _ends_with_any_ext(root: etree._Element) -> bool:
    """Tell whether an anyExt of the root follows its on-network."""
    names = [etree.QName(child).localname for child in root.iterchildren(etree.Element)]
    return "anyExt" in names[names.index("on-network") :] if "on-network" in names else False
