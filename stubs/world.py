"""The cast of one scenario: systems that run, users they know, documents they serve."""

from __future__ import annotations

import random
import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from muster.documents.build import MAX_PARTICIPANTS, Builder, Person
from muster.documents.schemas import SchemaSet
from muster.documents.templates import Templates
from muster.documents.vocabulary import SERVICES
from muster.documents.worlds import ProfilePlan, WorldPlan
from muster.journal import Journal
from stubs.authorities import authority_named
from stubs.grants import Account
from stubs.http_server import Watch
from stubs.loop import LoopThread
from stubs.population import Population
from stubs.system import SYSTEM_RANDOM, McSystem, available, random_host
from stubs.tls import TlsSetting
from stubs.tokens import TokenLedger
from stubs.xcap import StoredDocument


@dataclass(frozen=True)
class Terminal:
    """The UE under test as it is provisioned."""

    mcs_ue_id: str
    instance_id: str
    client_id: str
    redirect_uri: str


def new_terminal(
    mark: str, chance: random.Random = SYSTEM_RANDOM, fixed: Mapping[str, str] | None = None
) -> Terminal:
    """A terminal that nobody has provisioned yet; `fixed` is what it has by itself."""
    made = {
        "mcs_ue_id": f"ue-{mark}",
        "instance_id": f"urn:uuid:{uuid.UUID(bytes=chance.randbytes(16), version=4)}",
        "client_id": f"client-{mark}",
        "redirect_uri": f"http://mcptt.{mark}.example/cb",
    }
    return Terminal(**{**made, **(fixed or {})})


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
    documents: Path | None = None
    """A laboratory's folder with templates in place of ours."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Fixed addresses by system; any other system takes one that is new in each run."""
    tls: TlsSetting = field(default_factory=TlsSetting)
    mark: str = ""
    """Part of every name, with which names, paths and PSIs stand still; empty: new in each run."""
    domains: Mapping[str, str] = field(default_factory=dict)
    """Fixed domains by system."""
    fixed_terminal: Mapping[str, str] = field(default_factory=dict)
    """What the terminal has by itself, by the names of `Terminal`."""
    usernames: Mapping[str, str] = field(default_factory=dict)
    fixed_passwords: Mapping[str, str] = field(default_factory=dict)
    chance: random.Random = SYSTEM_RANDOM
    """What names are drawn from; never what must be secret."""
    certificates: Mapping[str, trustme.LeafCert] = field(default_factory=dict)
    """Certificates of a laboratory's own, by system."""
    sip_digest: bool = False
    ipv6: bool = True
    """Whether systems may have the IPv6 addresses that the plan gives them."""
    """Whether SIP cores challenge registrations; the password is that of the user alice."""
    also_trusted: bytes = b""
    """PEM of the authorities behind these."""

    def __post_init__(self) -> None:
        mark = self.chance.randbytes(3).hex()
        self.terminal = new_terminal(mark, self.chance, self.fixed_terminal)
        self.ledger = TokenLedger(self.journal.masker)
        self.passwords = {
            user: self.fixed_passwords.get(user) or secrets.token_urlsafe(12)
            for user in self.plan.users
        }
        for password in self.passwords.values():
            self.journal.masker.register(password, "password")
        clients = {self.terminal.client_id: frozenset([self.terminal.redirect_uri])}
        self.systems: dict[str, McSystem] = {}
        # Aliases come last: they go by the identity of another system.
        plans = sorted(self.plan.systems.items(), key=lambda item: bool(item[1].alias_of))
        for name, plan in plans:
            known = self.systems.get(plan.alias_of)
            self.systems[name] = McSystem(
                name,
                plan.plmn,
                authority_named(plan.authority) if plan.authority else self.authority,
                Watch(self.journal, self.ledger),
                clients,
                host=self._host(name, plan.ip),
                ports=_ports_of(name, self.ports),
                system_id=known.system_id if known else "",
                mark=self.mark,
                tls=self.tls,
                domain=self.domains.get(name, ""),
                chance=self.chance,
                certificate=self.certificates.get(name),
                sip_password=self.passwords["alice"] if self.sip_digest else "",
            )
        self.builder = Builder(self.plan, self.systems, self.terminal, Templates(self.documents))
        self.population = Population(self.builder, self.systems, self.schemas)

    def _host(self, system: str, ip: str) -> str:
        """Return the fixed address of a system, else that of the plan, else one of its own."""
        planned = "" if ":" in ip and not self.ipv6 else available(ip)
        return self.addresses.get(system) or planned or random_host(self.chance)

    @property
    def trusted(self) -> bytes:
        """The certificates of every authority that the UE trusts, as PEM."""
        authorities = {id(system.authority): system.authority for system in self.systems.values()}
        own = b"".join(one.cert_pem.bytes() for one in authorities.values())
        return own + self.also_trusted

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
        return self.builder.bootstrap_selector

    # Life --------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start all systems and store their documents."""
        self.loop.run(self._start())

    def stop(self) -> None:
        self.loop.run(self._stop())

    def tidy(self, kept_seconds: float = 3600.0) -> None:
        """Forget tokens that were over for so long, on the loop; other secrets are known on."""
        self.journal.masker.forget()
        self.ledger.forget_before(time.time() - kept_seconds)
        for password in self.passwords.values():
            self.journal.masker.register(password, "password")

    async def _start(self) -> None:
        for system in self.systems.values():
            await system.start()
        for system in self.systems.values():
            others = [other for other in self.systems.values() if other is not system]
            system.open_doors({other.url("idms"): other.signing_key for other in others})
        for system in self.systems.values():
            system.accounts.extend(self._account(system, user) for user in self.plan.users)
        self.population.everything()

    async def _stop(self) -> None:
        for system in self.systems.values():
            await system.stop()

    def _account(self, system: McSystem, user: str) -> Account:
        """A user of the primary can sign in there; elsewhere she is a visitor."""
        home = {
            other.identity(user, service)
            for other in self.systems.values()
            if other is not system
            for service in SERVICES
        }
        return Account(
            self.username(user) if system is self.primary else f"{user}@{system.domain}",
            self.passwords[user] if system is self.primary else "",
            {service: system.identity(user, service) for service in SERVICES},
            frozenset(home | {self.username(user)}),
        )

    # Identities --------------------------------------------------------------------------------

    def person(self, system: str, user: str) -> Person:
        return self.builder.person(system, user)

    def username(self, user: str) -> str:
        return self.usernames.get(user) or f"{user}@{self.primary.domain}"

    # Selectors ---------------------------------------------------------------------------------

    def profile_selector(self, system: str, user: str, index: int, service: str = "mcptt") -> str:
        return self.builder.profile_selector(system, user, index, service)

    def ue_configuration_selector(self, system: str, user: str, service: str = "mcptt") -> str:
        return self.builder.ue_configuration_selector(system, user, service)

    def service_configuration_selector(self, service: str = "mcptt") -> str:
        return self.builder.service_configuration_selector(service)

    # Documents ---------------------------------------------------------------------------------

    def put_initial_configuration(
        self, change: Callable[[bytes], bytes] | None = None
    ) -> StoredDocument:
        return self.population.initial_configuration(change)

    def put_ue_configuration(
        self, system: str, user: str, service: str = "mcptt"
    ) -> StoredDocument:
        return self.population.ue_configuration(system, user, service)

    def put_profile(self, profile: ProfilePlan) -> StoredDocument:
        return self.population.profile(profile)

    def put_service_configuration(
        self, system: str, time_limit: str | None = None, service: str = "mcptt"
    ) -> StoredDocument:
        return self.population.service_configuration(system, time_limit, service)

    def put_group(
        self, system: str, label: str, max_participants: int = MAX_PARTICIPANTS
    ) -> StoredDocument:
        return self.population.group(system, label, max_participants)

    def on_loop(self, function: Callable[[], StoredDocument]) -> StoredDocument:
        """Change a document while the systems run: stores belong to the loop."""
        return self.loop.call(function)


def _ports_of(system: str, ports: Mapping[str, int]) -> dict[str, int]:
    return {
        name.removeprefix(f"{system}."): port
        for name, port in ports.items()
        if name.startswith(f"{system}.")
    }


def load_schemas(root: Path) -> SchemaSet:
    return SchemaSet.from_directory(root / "fixtures" / "schemas")
