"""Builders: the plan of a world and the facts of its systems become documents, through templates.

The systems may run or be mere samples: what is built for both goes the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal, Protocol

from muster.documents.recognise import BY_NAME, DocumentType
from muster.documents.templates import Rendered, Templates
from muster.documents.vocabulary import GROUP_LIST, PARTNER_SYSTEM, USER_ID
from muster.documents.worlds import ProfilePlan, WorldPlan

INITIAL = "mcptt-ue-init-config"
GROUP_COLLECTION = "global/byGroupID"
MAX_PARTICIPANTS = 50
Store = Literal["bootstrap_documents", "configuration", "groups"]


@dataclass(frozen=True)
class Access:
    """The initial UE configuration of one system: what a UE needs to reach its servers."""

    title: str
    system_id: str
    """URI by which a partner list names the system."""
    domain: str
    plmn: str
    idms_auth_endpoint: str
    idms_token_endpoint: str
    http_proxy: str
    kms: str
    cms: str
    """PSI of the CMS; `gms` that of the GMS's subscription proxy (SIP URIs)."""
    gms: str
    group_creation_xui: str
    cms_xcap_root: str
    gms_xcap_root: str
    servers: Mapping[str, str]
    """For each service the SIP URI of its server, with host and port."""
    instance_id: str = ""
    """Empty: the document is for every UE of the organisation (TS 24.484 7.2.1.0)."""

    @property
    def addresses(self) -> frozenset[str]:
        """Everything that a UE can learn only here."""
        web = (self.idms_auth_endpoint, self.idms_token_endpoint, self.kms)
        roots = (self.cms_xcap_root, self.gms_xcap_root)
        return frozenset((*web, *roots, self.cms, self.gms, *self.servers.values()))


@dataclass(frozen=True)
class Person:
    """A user as one system knows her: another identity for each service."""

    label: str
    title: str
    organisation: str
    mcptt_id: str
    mcvideo_id: str
    mcdata_id: str


@dataclass(frozen=True)
class Group:
    label: str
    id: str

    @property
    def title(self) -> str:
        return f"{self.label.capitalize()} group"


class System(Protocol):
    """What documents say of an MC system."""

    @property
    def name(self) -> str: ...

    @property
    def domain(self) -> str: ...

    @property
    def access(self) -> Access: ...

    def identity(self, label: str, service: str = "mcptt") -> str: ...


class Terminal(Protocol):
    """What documents say of the UE."""

    @property
    def mcs_ue_id(self) -> str: ...

    @property
    def instance_id(self) -> str: ...


@dataclass(frozen=True)
class Document:
    """A document with the place where it is served; it is written when somebody reads it."""

    selector: str
    """Path below the XCAP root, not escaped."""
    type: DocumentType
    store: Store
    render: Callable[[], Rendered]
    reader: str = ""
    """MC service ID that may read it; empty: any user whom the system authenticated."""
    names: frozenset[str] = frozenset()
    """Identities and addresses that the suite counts on being told by the document."""
    profile: ProfilePlan | None = None
    """Of a user profile what the world plans for it."""

    @property
    def name(self) -> str:
        return self.selector.rpartition("/")[2]

    @property
    def body(self) -> bytes:
        return self._written.body

    @property
    def template(self) -> Path:
        return self._written.template

    def write(self) -> None:
        """Write it now; TemplateProblem if that is not possible."""
        self._written  # noqa: B018

    @cached_property
    def _written(self) -> Rendered:
        return self.render()


@dataclass(frozen=True)
class Builder:
    """Builds every document of a world."""

    plan: WorldPlan
    systems: Mapping[str, System]
    terminal: Terminal
    templates: Templates = field(default_factory=Templates)

    # Who and what ------------------------------------------------------------------------------

    def person(self, system: str, user: str) -> Person:
        plan, at = self.plan.users[user], self.systems[system]
        ids = {f"{name}_id": at.identity(user, name) for name in ("mcptt", "mcvideo", "mcdata")}
        return Person(user, plan.title, plan.organisation, **ids)

    def group(self, system: str, label: str) -> Group:
        return Group(label, self.systems[system].identity(label))

    # Selectors ---------------------------------------------------------------------------------

    @property
    def bootstrap_selector(self) -> str:
        """TS 24.484 7.2.1.1."""
        own = self.terminal.mcs_ue_id
        return f"{BY_NAME[INITIAL].auid}/users/sip:{own}/{own}"

    def profile_selector(self, system: str, user: str, index: int, service: str) -> str:
        """TS 24.484 8.3.1A and 8.3.2.8, 9.3.1A, 10.3.1A."""
        auid = BY_NAME[f"{service}-user-profile"].auid
        xui = self.systems[system].identity(user, service)
        return f"{auid}/users/{xui}/{service}-user-profile-{index}.xml"

    def ue_configuration_selector(self, system: str, user: str, service: str) -> str:
        auid = BY_NAME[f"{service}-ue-config"].auid
        return f"{auid}/users/{self.systems[system].identity(user, service)}/{self._ue_name}"

    def service_configuration_selector(self, service: str) -> str:
        """TS 24.484 8.4.2.9; 9.4.2.9, where the name begins with that of the service."""
        name = "service-config" if service == "mcptt" else f"{service}-service-config"
        return f"{BY_NAME[f'{service}-service-config'].auid}/global/{name}.xml"

    def group_selector(self, system: str, label: str) -> str:
        """TS 24.481 7.2.10.2: where the document of a group is read by the group's ID."""
        return f"{BY_NAME['group'].auid}/{GROUP_COLLECTION}/{self.group(system, label).id}"

    @property
    def _ue_name(self) -> str:
        return self.terminal.mcs_ue_id

    # Documents ---------------------------------------------------------------------------------

    def everything(self) -> Iterator[tuple[str, Document]]:
        """Build every document of every system."""
        return ((system, build()) for system, build in self.orders())

    def orders(self) -> Iterator[tuple[str, Callable[[], Document]]]:
        """Yield what builds each document, with the system that serves it."""
        yield "primary", self.initial_configuration
        for group in self.plan.groups:
            yield group.system, partial(self.group_document, group.system, group.name)
        for profile in self.plan.profiles:
            yield profile.system, partial(self.user_profile, profile)
        for system in self.plan.systems:
            for service in self.plan.services_at(system):
                yield system, partial(self.service_configuration, system, service)
        for system, user, service in self.plan.holders:
            yield system, partial(self.ue_configuration, system, user, service)

    def initial_configuration(self) -> Document:
        """MCS UE initial configuration (TS 24.484 7.2), for this UE alone."""
        access = replace(self.systems["primary"].access, instance_id=self.terminal.instance_id)
        return self._build(
            "primary",
            INITIAL,
            self.bootstrap_selector,
            "bootstrap_documents",
            names=access.addresses,
            at=access,
        )

    def ue_configuration(self, system: str, user: str, service: str) -> Document:
        """UE configuration (TS 24.484 8.2, 9.2, 10.2)."""
        labels = [p.groups for p in self.plan.profiles_of(system, user, service)]
        # The priorities of groups cannot be left out: without groups of the user, any will do.
        known = [g.name for g in self.plan.groups if g.system == system and service in g.services]
        return self._build(
            system,
            f"{service}-ue-config",
            self.ue_configuration_selector(system, user, service),
            reader=self.systems[system].identity(user, service),
            domain=self.systems[system].domain,
            user=self.person(system, user),
            groups=[self.group(system, g) for g in dict.fromkeys(sum(labels, ()) or known)],
        )

    def user_profile(self, profile: ProfilePlan) -> Document:
        """User profile with its partner list (TS 24.484 8.3, 9.3, 10.3)."""
        system, service = self.systems[profile.system], profile.service
        reader = system.identity(profile.user, service)
        groups = [self.group(profile.system, label) for label in profile.groups]
        partners = [self.systems[label].access for label in profile.partners]
        known = [{partner.system_id} | partner.addresses for partner in partners]
        document = self._build(
            profile.system,
            f"{service}-user-profile",
            self.profile_selector(profile.system, profile.user, profile.index, service),
            special=f"{service}-user-profile-{profile.index}",
            reader=reader,
            names=frozenset({reader, *(group.id for group in groups)}.union(*known)),
            user=self.person(profile.system, profile.user),
            profile=profile,
            groups=groups,
            partners=partners,
            words=_words(service),
            dispatcher=system.identity("dispatcher", service),
            kms=system.access.kms,
        )
        return replace(document, profile=profile)

    def service_configuration(
        self, system: str, service: str, time_limit: str | None = None
    ) -> Document:
        """Service configuration (TS 24.484 8.4, 9.4, 10.4)."""
        settings = self.plan.settings_of(service)
        if time_limit is not None:
            settings = settings.model_copy(update={"time_limit": time_limit})
        return self._build(
            system,
            f"{service}-service-config",
            self.service_configuration_selector(service),
            domain=self.systems[system].domain,
            settings=settings,
            protection="true" if settings.protect_signalling else "false",
        )

    def group_document(
        self, system: str, label: str, max_participants: int = MAX_PARTICIPANTS
    ) -> Document:
        """Group document for the group's services (TS 24.481 7.2)."""
        plan, group = self.plan.group(system, label), self.group(system, label)
        return self._build(
            system,
            "group",
            self.group_selector(system, label),
            "groups",
            special=f"group-{label}",
            names=frozenset([group.id]),
            group=group,
            services=plan.services,
            members=[self.person(system, member) for member in plan.members],
            max_participants=max_participants,
        )

    def _build(
        self,
        system: str,
        kind: str,
        selector: str,
        store: Store = "configuration",
        *,
        special: str = "",
        reader: str = "",
        names: frozenset[str] = frozenset(),
        **members: Any,
    ) -> Document:
        files = [f"{name}.xml" for name in (special, kind) if name]
        # Everything that the document says is fixed here and now; only the writing is left.
        document = BY_NAME[kind]
        write = partial(self.templates.render, files, system, document=document, **members)
        return Document(selector, document, store, write, reader, names)


def _words(service: str) -> dict[str, str]:
    """The element names that no verified text gives for every service."""
    return {
        "partner_element": PARTNER_SYSTEM[service].info.text,
        "partner_id_element": PARTNER_SYSTEM[service].system_id.text,
        "group_list_element": GROUP_LIST[service].text,
        "user_id_element": USER_ID[service].text,
    }
