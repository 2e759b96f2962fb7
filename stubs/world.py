"""The cast of one scenario: systems that run, users they know, documents they serve."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import trustme

from muster.documents import build
from muster.documents.schemas import SchemaSet
from muster.documents.validate import validate
from muster.documents.vocabulary import AUID
from muster.documents.worlds import ProfilePlan, WorldPlan
from muster.errors import SuiteError
from muster.journal import Journal
from stubs.gms import group_selector
from stubs.grants import Account
from stubs.http_server import Watch
from stubs.loop import LoopThread
from stubs.system import McSystem
from stubs.tokens import TokenLedger
from stubs.xcap import StoredDocument

UE_INITIAL_CONFIGURATION_TYPE = "application/vnd.3gpp.mcptt-ue-init-config+xml"
UE_CONFIGURATION_TYPE = "application/vnd.3gpp.mcptt-ue-config+xml"
USER_PROFILE_TYPE = "application/vnd.3gpp.mcptt-user-profile+xml"
SERVICE_CONFIGURATION_TYPE = "application/vnd.3gpp.mcptt-service-config+xml"
GROUP_TYPE = "application/vnd.oma.poc.groups+xml"


class UnfitDocument(SuiteError):
    """A document that we would serve does not fit its schema."""


@dataclass(frozen=True)
class Terminal:
    """The UE under test as it is provisioned."""

    mcs_ue_id: str
    instance_id: str
    client_id: str
    redirect_uri: str


@dataclass
class World:
    """Systems by name, all started; `stop` ends everything."""

    plan: WorldPlan
    journal: Journal
    loop: LoopThread
    schemas: SchemaSet
    authority: trustme.CA
    ports: Mapping[str, int] = field(default_factory=dict)
    """Fixed ports by "system.server"."""

    def __post_init__(self) -> None:
        mark = secrets.token_hex(3)
        self.terminal = Terminal(
            mcs_ue_id=f"ue-{mark}",
            instance_id=f"urn:uuid:{uuid.uuid4()}",
            client_id=f"client-{mark}",
            redirect_uri=f"http://mcptt.{mark}.example/cb",
        )
        self.ledger = TokenLedger(self.journal.masker)
        self.passwords = {user: secrets.token_urlsafe(12) for user in self.plan.users}
        for password in self.passwords.values():
            self.journal.masker.register(password, "password")
        clients = {self.terminal.client_id: frozenset([self.terminal.redirect_uri])}
        self.systems = {
            name: McSystem(
                name,
                plan.plmn,
                self.authority,
                Watch(self.journal, self.ledger),
                clients,
                ports=_ports_of(name, self.ports),
            )
            for name, plan in self.plan.systems.items()
        }

    @property
    def primary(self) -> McSystem:
        return self.systems["primary"]

    @property
    def hosts(self) -> dict[str, str]:
        return {name: at for system in self.systems.values() for name, at in system.hosts.items()}

    @property
    def bootstrap_uri(self) -> str:
        """Where the terminal finds its initial configuration (TS 24.484 7.2.1.1)."""
        return f"{self.primary.url('bootstrap')}/{self.bootstrap_selector}"

    @property
    def bootstrap_selector(self) -> str:
        own = self.terminal.mcs_ue_id
        return f"org.3gpp.mcptt.ue-init-config/users/sip:{own}/{own}"

    # Life --------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start all systems and store their documents."""
        self.loop.run(self._start())

    def stop(self) -> None:
        self.loop.run(self._stop())

    async def _start(self) -> None:
        for system in self.systems.values():
            await system.start()
        for system in self.systems.values():
            others = [other for other in self.systems.values() if other is not system]
            system.open_doors({other.url("idms"): other.signing_key for other in others})
        for name in self.systems:
            self._populate(name)

    async def _stop(self) -> None:
        for system in self.systems.values():
            await system.stop()

    def _populate(self, name: str) -> None:
        system = self.systems[name]
        for user in self.plan.users:
            identities = {"mcptt": system.identity(user)}
            home = {other.identity(user) for other in self.systems.values() if other is not system}
            password = self.passwords[user] if name == "primary" else ""
            username = f"{user}@{system.domain}"
            system.accounts.append(
                Account(
                    username,
                    password,
                    identities,
                    frozenset(home | {f"{user}@{self.primary.domain}"}),
                )
            )
        for group in self.plan.groups:
            if group.system == name:
                self.put_group(name, group.name)
        for profile in self.plan.profiles:
            if profile.system == name:
                self.put_profile(profile)
        self.put_service_configuration(name)
        for user in {profile.user for profile in self.plan.profiles if profile.system == name}:
            self.put_ue_configuration(name, user)
        if name == "primary":
            self.put_initial_configuration()

    # Identities --------------------------------------------------------------------------------

    def person(self, system: str, user: str) -> build.Person:
        plan = self.plan.users[user]
        return self.systems[system].person(user, plan.title, plan.organisation)

    def username(self, user: str) -> str:
        return f"{user}@{self.primary.domain}"

    # Selectors ---------------------------------------------------------------------------------

    def profile_selector(self, system: str, user: str, index: int) -> str:
        """TS 24.484 8.3.1A, 8.3.2.8."""
        xui = self.systems[system].identity(user)
        return f"{AUID['mcptt.user-profile'].text}/users/{xui}/mcptt-user-profile-{index}.xml"

    def ue_configuration_selector(self, system: str, user: str) -> str:
        xui = self.systems[system].identity(user)
        return f"{AUID['mcptt.ue-config'].text}/users/{xui}/{self.terminal.mcs_ue_id}"

    def service_configuration_selector(self) -> str:
        return f"{AUID['mcptt.service-config'].text}/global/service-config.xml"

    # Documents ---------------------------------------------------------------------------------

    def put_initial_configuration(self, change: Callable[[bytes], bytes] | None = None) -> None:
        access = replace(self.primary.access, instance_id=self.terminal.instance_id)
        body = build.initial_configuration(access)
        self._store(
            "primary",
            "bootstrap_documents",
            self.bootstrap_selector,
            body,
            UE_INITIAL_CONFIGURATION_TYPE,
            change=change,
        )

    def put_ue_configuration(self, system: str, user: str) -> StoredDocument:
        person = self.person(system, user)
        labels = [p.groups for p in self.plan.profiles_of(system, user)]
        groups = [self.systems[system].group(g) for g in dict.fromkeys(sum(labels, ()))]
        body = build.ue_configuration(self.systems[system].domain, person, groups)
        selector = self.ue_configuration_selector(system, user)
        return self._store(
            system, "configuration", selector, body, UE_CONFIGURATION_TYPE, person.mcptt_id
        )

    def put_profile(self, profile: ProfilePlan) -> StoredDocument:
        person = self.person(profile.system, profile.user)
        groups = [self.systems[profile.system].group(label) for label in profile.groups]
        partners = [self.systems[label].access for label in profile.partners]
        body = build.user_profile(person, profile, groups, partners)
        selector = self.profile_selector(profile.system, profile.user, profile.index)
        return self._store(
            profile.system, "configuration", selector, body, USER_PROFILE_TYPE, person.mcptt_id
        )

    def put_service_configuration(self, system: str, limit: str = "PT60S") -> StoredDocument:
        body = build.service_configuration(self.systems[system].domain, limit)
        selector = self.service_configuration_selector()
        return self._store(system, "configuration", selector, body, SERVICE_CONFIGURATION_TYPE)

    def put_group(self, system: str, label: str, max_participants: int = 50) -> StoredDocument:
        plan = next(g for g in self.plan.groups if g.system == system and g.name == label)
        members = [self.person(system, member) for member in plan.members]
        group = self.systems[system].group(label)
        body = build.group_document(group, members, max_participants)
        return self._store(system, "groups", group_selector(group.id), body, GROUP_TYPE)

    def on_loop(self, function: Callable[[], StoredDocument]) -> StoredDocument:
        """Change a document while the systems run: stores belong to the loop."""
        return self.loop.call(function)

    def _store(
        self,
        system: str,
        store: str,
        selector: str,
        body: bytes,
        media_type: str,
        reader: str = "",
        change: Callable[[bytes], bytes] | None = None,
    ) -> StoredDocument:
        if change is None:
            self._check(selector, body)
        else:
            body = change(body)
        document = StoredDocument(selector, body, media_type, reader)
        found: StoredDocument = getattr(self.systems[system], store).put(document)
        return found

    def _check(self, selector: str, body: bytes) -> None:
        result = validate(body, self.schemas, strict=True)
        if not result.valid:
            problem = result.problems[0]
            raise UnfitDocument(f"{selector} line {problem.line} {problem.path}: {problem.reason}")


def _ports_of(system: str, ports: Mapping[str, int]) -> dict[str, int]:
    return {
        name.removeprefix(f"{system}."): port
        for name, port in ports.items()
        if name.startswith(f"{system}.")
    }


def load_schemas(root: Path) -> SchemaSet:
    return SchemaSet.from_directory(root / "fixtures" / "schemas")
