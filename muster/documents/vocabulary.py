"""Names that no verified text gives, or only for one service: the one place to correct them.

Whatever builds, reads, validates or judges documents takes these names from here, so a laboratory
that holds the real text changes one table. Each name says how well it is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from muster.requirements import Basis, Mark, Source, basis_of

UE_INITIAL_CONFIGURATION = "urn:3gpp:mcptt:mcpttUEinitConfig:1.0"
COMMON_POLICY = "urn:ietf:params:xml:ns:common-policy"
RESOURCE_LISTS = "urn:ietf:params:xml:ns:resource-lists"
LIST_SERVICE = "urn:oma:xml:poc:list-service"
XDM_EXTENSIONS = "urn:oma:xml:xdm:extensions"
GROUP_INFO = "urn:3gpp:ns:mcpttGroupInfo:1.0"

SERVICES = ("mcptt", "mcvideo", "mcdata")

BASES: tuple[Basis, ...] = ("verified", "derived", "corroborated", "reported", "provisional")
"""From best to weakest."""


def weakest(bases: Iterable[Basis]) -> Basis:
    """Return the weakest of several bases."""
    return max(bases, key=BASES.index)


@dataclass(frozen=True)
class Name:
    """A name, a namespace or a place in a document, and how well it is known."""

    text: str
    clause: str
    """The clause that gives it, or the ground on which it is guessed."""
    sources: tuple[Source, ...]
    namespace: str = ""

    @property
    def basis(self) -> Basis:
        """How well the name is known, by the table of the catalogue."""
        return basis_of(self.sources, self.clause)

    @property
    def qname(self) -> str:
        """`{namespace}name` as lxml writes it."""
        return f"{{{self.namespace}}}{self.text}" if self.namespace else self.text


def _given(text: str, clause: str, *marks: str, namespace: str = "") -> Name:
    """A name that sources give; a mark may end with the release: X20."""
    document = " ".join(clause.split()[:2])
    sources = tuple(_source(document, mark) for mark in marks)
    return Name(text, clause, sources, namespace)


def _source(document: str, mark: str) -> Source:
    letters = mark.rstrip("0123456789")
    digits = mark.removeprefix(letters)
    return Source(document, cast("Mark", letters), int(digits) if digits else None)


def _guessed(text: str, ground: str, namespace: str = "") -> Name:
    """A name that no source gives."""
    return Name(text, ground, (Source(ground, "R"),), namespace)


USER_PROFILE = MappingProxyType(
    {
        "mcptt": _given("urn:3gpp:mcptt:user-profile:1.0", "TS 24.484 8.3.2.4", "X13", "CIMS"),
        "mcvideo": _given("urn:3gpp:ns:mcvideo:user-profile:1.0", "TS 24.484 9.3.2.4", "X20"),
        "mcdata": _guessed("urn:3gpp:ns:mcdata:user-profile:1.0", "by analogy with MCVideo"),
    }
)
UE_CONFIGURATION = MappingProxyType(
    {
        "mcptt": _given("urn:3gpp:mcptt:mcpttUEConfig:1.0", "TS 24.484 8.2.2.4", "X13"),
        "mcvideo": _given("urn:3gpp:mcvideo:mcvideoUEConfig:1.0", "TS 24.484 9.2.2.4", "X20"),
        "mcdata": _guessed("urn:3gpp:mcdata:mcdataUEConfig:1.0", "by analogy with MCVideo"),
    }
)
SERVICE_CONFIGURATION = MappingProxyType(
    {
        "mcptt": _given("urn:3gpp:ns:mcpttServiceConfig:1.0", "TS 24.484 8.4.2.4", "X13", "CIMS"),
        "mcvideo": _given("urn:3gpp:ns:mcvideoServiceConfig:1.0", "TS 24.484 9.4.2.4", "X20"),
        "mcdata": _guessed("urn:3gpp:ns:mcdataServiceConfig:1.0", "by analogy with MCVideo"),
    }
)
"""The namespaces of the documents, for each service."""

UE_CONFIGURATION_ROOT = MappingProxyType(
    {
        "mcptt": _given("mcptt-UE-configuration", "TS 24.484 8.2.2.3", "X13"),
        "mcvideo": _given("mcvideo-UE-configuration", "TS 24.484 9.2.2.3", "X20"),
        "mcdata": _guessed("mcdata-UE-configuration", "by analogy; 10.2.1 has <mcdata-UE-id>"),
    }
)
USER_PROFILE_ROOT = MappingProxyType(
    {
        "mcptt": _given("mcptt-user-profile", "TS 24.484 8.3.2.3", "X13"),
        "mcvideo": _given("mcvideo-user-profile", "TS 24.484 9.3.2.3", "X20"),
        "mcdata": _given("mcdata-user-profile", "TS 24.484 10.3.2.1", "P18"),
    }
)
SERVICE_CONFIGURATION_ROOT = MappingProxyType(
    {
        "mcptt": _given("service-configuration-info", "TS 24.484 8.4.2.3", "X13"),
        "mcvideo": _given("service-configuration-info", "TS 24.484 9.4.2.3", "X20"),
        "mcdata": _guessed("service-configuration-info", "by analogy with MCPTT and MCVideo"),
    }
)
"""The names of the root elements."""

AUID = MappingProxyType(
    {
        "ue-init-config": _given(
            "org.3gpp.mcptt.ue-init-config", "TS 24.484 7.2.2.2", "CIMS", "VC", "MCOP"
        ),
        "mcptt.ue-config": _given("org.3gpp.mcptt.ue-config", "TS 24.484 8.2.2.2", "VC", "MCOP"),
        "mcptt.user-profile": _given(
            "org.3gpp.mcptt.user-profile", "TS 24.484 8.3.2.2", "CIMS", "VC", "MCOP"
        ),
        "mcptt.service-config": _given(
            "org.3gpp.mcptt.service-config", "TS 24.484 8.4.2.2", "CIMS", "VC", "MCOP"
        ),
        "mcvideo.ue-config": _given("org.3gpp.mcvideo.ue-config", "TS 24.484 9.2.2.2", "CIMS"),
        "mcvideo.user-profile": _given(
            "org.3gpp.mcvideo.user-profile", "TS 24.484 9.3.2.2", "CIMS"
        ),
        "mcvideo.service-config": _given(
            "org.3gpp.mcvideo.service-config", "TS 24.484 9.4.2.2", "CIMS"
        ),
        "mcdata.ue-config": _guessed("org.3gpp.mcdata.ue-config", "the pattern of the others"),
        "mcdata.user-profile": _given("org.3gpp.mcdata.user-profile", "TS 24.484 10.3.1A", "P18"),
        "mcdata.service-config": _guessed(
            "org.3gpp.mcdata.service-config", "the pattern of the others"
        ),
        "group": _given("org.openmobilealliance.groups", "TS 24.481 7.2.10", "S"),
    }
)
"""XCAP application unique ids."""


@dataclass(frozen=True)
class PartnerSystemNames:
    """How a user profile lists a partner MC system that its user may migrate to."""

    info: Name
    """The element with one partner system."""
    system_id: Name
    """Its child with the partner's identity."""
    access_information: Name
    """Its child with the access information: a whole initial configuration of the partner."""
    place: tuple[Name, ...]
    """The elements that hold `info`, from the root's child inward."""

    @property
    def basis(self) -> Basis:
        """The basis of the weakest of the names and of the place."""
        return weakest((self.basis_of_elements, *(part.basis for part in self.place)))

    @property
    def basis_of_elements(self) -> Basis:
        """The basis of the weakest of the names, wherever the elements stand."""
        parts = (self.info, self.system_id, self.access_information)
        return weakest(part.basis for part in parts)


def _partner_names(service: str, infix: str) -> PartnerSystemNames:
    namespace = USER_PROFILE[service].text
    place = "TS 23.280 annex A.3-2 lists it under on-network"

    def name(text: str, namespace: str) -> Name:
        if service == "mcvideo":
            return _given(text, "TS 24.484 9.3.2.3", "X20", namespace=namespace)
        return _guessed(text, "by analogy with MCVideo", namespace)

    return PartnerSystemNames(
        info=name(f"MigratablePartner{infix}SystemInfo", namespace),
        system_id=name(f"Partner{infix}SystemId", namespace),
        access_information=name("mcptt-UE-initial-configuration", UE_INITIAL_CONFIGURATION),
        place=(_guessed("OnNetwork", place, namespace), _guessed("anyExt", place, namespace)),
    )


PARTNER_SYSTEM = MappingProxyType(
    {
        "mcptt": _partner_names("mcptt", "MCPTT"),
        "mcvideo": _partner_names("mcvideo", "MCVideo"),
        "mcdata": _partner_names("mcdata", "MCData"),
    }
)
"""The migration elements, for each service."""

GROUP_LIST = MappingProxyType(
    {
        "mcptt": _given("MCPTTGroupInfo", "TS 24.484 8.3.2.3", "X13"),
        "mcvideo": _given("MCVideoGroupInfo", "TS 24.484 9.3.2.3", "X20"),
        "mcdata": _guessed("MCDataGroupInfo", "by analogy with MCPTT"),
    }
)
"""The child of OnNetwork that lists groups."""

USER_ID = MappingProxyType(
    {
        "mcptt": _given("MCPTTUserID", "TS 24.484 8.3.2.3", "X13"),
        "mcvideo": _given("MCVideoUserID", "TS 24.484 9.3.2.3", "X20"),
        "mcdata": _guessed("MCDataUserID", "by analogy with MCPTT"),
    }
)
"""The child of Common with the user's MC service ID."""

ANY_EXT_PLACES = MappingProxyType(
    {
        "FunctionalAliasList": _given("OnNetwork/anyExt", "TS 24.379 use", "VC"),
        "RemoteGroupSelectionURIList": _given("OnNetwork/anyExt", "TS 24.379 use", "VC"),
        "GroupServerInfo": _guessed("OnNetwork/anyExt", "its name and the global element"),
        "OffNetworkGroupServerInfo": _guessed("OffNetwork/anyExt", "its name"),
        "PrivateCallKMSURI": _guessed("Common/PrivateCall/PrivateCallList/anyExt", "its name"),
        "RelativePresentationPriority": _guessed(
            "OnNetwork/MCPTTGroupInfo/entry/anyExt", "its name; MCVideo has it for each group"
        ),
        "MCPTT-Service-Details": _given("on-network/anyExt", "TS 24.484 7.2.2.1", "X20", "CIMS"),
        "MCVideo-Service-Details": _given("on-network/anyExt", "TS 24.484 7.2.2.1", "X20", "CIMS"),
        "MCData-Service-Details": _given("on-network/anyExt", "TS 24.484 7.2.2.1", "X20", "CIMS"),
        "adhoc-group-call": _given("on-network/anyExt", "TS 24.484 8.4.2.1 13)d)", "CIMS"),
    }
)
"""Where an element stands that the schemas only declare, seen from the root (or the parameters)."""

MCDATA_PROFILE_CHILDREN = tuple(
    _guessed(name, "by analogy with MCPTT; do not assert")
    for name in (
        "FileDistribution",
        "TxRxControl",
        "EmergencyAlert",
        "Priority",
        "One-to-One-Communication",
        "PresenceStatus",
        "RemoteGroupChange",
        "ConversationManagement",
        "One-to-One-EmergencyAlert",
    )
)
"""Elements of the MCData user profile that are recalled only."""


def weak_names() -> dict[str, list[Name]]:
    """Return, by what they name, the names on which no FAIL can rest."""
    tables: dict[str, Iterable[Name]] = {
        "namespace": (
            *UE_CONFIGURATION.values(),
            *USER_PROFILE.values(),
            *SERVICE_CONFIGURATION.values(),
        ),
        "root": (
            *UE_CONFIGURATION_ROOT.values(),
            *USER_PROFILE_ROOT.values(),
            *SERVICE_CONFIGURATION_ROOT.values(),
        ),
        "application id": AUID.values(),
        "partner system": (
            name
            for names in PARTNER_SYSTEM.values()
            for name in (names.info, names.system_id, names.access_information)
        ),
        "groups of a profile": GROUP_LIST.values(),
        "user of a profile": USER_ID.values(),
        "child of an MCData profile": MCDATA_PROFILE_CHILDREN,
    }
    return {
        what: [name for name in names if name.basis in ("reported", "provisional")]
        for what, names in tables.items()
    }
