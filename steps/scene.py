"""What a scenario works with: its world, its UE, and questions about what was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from muster.checks.reading import announced, body_token, info_value, profile_index
from muster.configuration import Ixit
from muster.documents.worlds import ProfilePlan
from muster.evidence import Contact, Exchange, HttpExchange, SipExchange, Window
from muster.journal import Journal, now
from muster.ue.driver import Answer, AnswerKind, Credentials, Driver, Provisioning
from muster.verdicts import OperationUnsupported, Reason, require
from stubs.system import McSystem
from stubs.world import World

ROLES = {"that is pre-selected": True, "that is not pre-selected": False}
"""Names for the two profiles that Alice has of each service, where any service will do."""
MOMENT_SECONDS = 0.25
"""How late something comes for what was sent beside the request, before the clock scale."""


@dataclass(frozen=True)
class Waiting:
    """How long is waited, in seconds, before the clock scale of the IXIT."""

    answer: float
    """For a request that must come."""
    quiet: float
    """For requests that must not come."""
    scale: float


@dataclass
class Scene:
    """One scenario's world, UE and evidence."""

    world: World
    journal: Journal
    driver: Driver
    waiting: Waiting
    services: tuple[str, ...] = ("mcptt",)
    """The MC services that the ICS claims: the UE has clients for these."""
    service: str = "mcptt"
    """The one that the scenario is about; where it does not say so, the first of them."""
    options: dict[str, str] = field(default_factory=dict)
    ixit: Ixit = field(default_factory=Ixit)
    chosen_at: float = 0.0
    """When the last stimulus was given."""
    active: ProfilePlan | None = None
    """The profile that the user should have active at the primary."""

    # Stimuli -----------------------------------------------------------------------------------

    def stimulate(self, operation: str, *arguments: object) -> Answer:
        """Ask the UE to act; its answer is journalled and is never the ground of a FAIL."""
        self.chosen_at = started = now()
        try:
            answer: Answer = getattr(self.driver, operation)(*arguments)
        except Exception as error:
            told = self.journal.masker.mask_text(f"{type(error).__name__}: {error}")
            self._tell(operation, arguments, "failed", told, started)
            require(False, Reason.DRIVER_FAILED, f"{operation}: {told}")
            raise
        # A SIP answer is recorded right after it was sent: the UE may have been faster than that.
        self.world.loop.call(lambda: None)
        self._tell(operation, arguments, answer.kind.value, answer.reason, started)
        if answer.kind is AnswerKind.UNSUPPORTED:
            raise OperationUnsupported(operation)
        return answer

    def _tell(
        self, operation: str, arguments: Sequence[object], answer: str, reason: str, started: float
    ) -> None:
        shown = [a for a in arguments if isinstance(a, str | int)]
        self.journal.write(
            "stimulus",
            operation=operation,
            arguments=shown,
            answer=answer,
            reason=self.journal.masker.mask_text(reason),
            started=started,
            ended=now(),
        )

    def leave(self) -> None:
        """Switch the UE off when the scenario has its verdict; a driver that fails is told of."""
        started = now()
        try:
            self.driver.power_off()
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            self._tell("power_off", (), "failed", told, started)

    def must(self, answer: Answer, what: str) -> None:
        """A precondition of the scenario: the UE did what it was asked."""
        require(answer.is_done, Reason.STIMULUS_REFUSED, f"{what}: {answer.reason}")

    def provisioning(self) -> Provisioning:
        terminal = self.world.terminal
        return Provisioning(
            bootstrap_uri=self.world.bootstrap_uri,
            mcs_ue_id=terminal.mcs_ue_id,
            instance_id=terminal.instance_id,
            client_id=terminal.client_id,
            redirect_uri=terminal.redirect_uri,
            public_identity=self.home_identity,
            trusted_ca_pem=self.world.trusted,
            hosts=self.world.hosts,
            source_address=self.ixit.terminal.source_address,
            options={
                "services": ",".join(self.services),
                "decryption_key_check": "none",
                **(self._sip_credentials() if self.world.sip_digest else {}),
                **self.options,
            },
        )

    def _sip_credentials(self) -> dict[str, str]:
        """What the terminal answers challenges of a SIP core with."""
        username = self.home_identity.partition(":")[2]
        return {"sip_username": username, "sip_password": self.world.passwords["alice"]}

    def credentials(self, user: str) -> Credentials:
        return Credentials(self.world.username(user), self.world.passwords[user])

    @property
    def home_identity(self) -> str:
        """The SIP identity of the user at the primary: not her MC service ID."""
        return self.ixit.terminal.public_identity or self.primary.identity("ims-subscriber")

    # The world ---------------------------------------------------------------------------------

    @property
    def primary(self) -> McSystem:
        return self.world.primary

    def system(self, name: str) -> McSystem:
        return self.world.systems[name]

    def profile(self, system: str, name: str) -> ProfilePlan:
        """The profile of that name, whoever has it, or of that role among Alice's."""
        if name in ROLES:
            active = self.active_profile(system)
            found = [p for p in self.profiles(system) if (p == active) is ROLES[name]]
        else:
            found = [p for p in self.world.plan.profiles if (p.system, p.name) == (system, name)]
        require(found, Reason.PRECONDITION_UNMET, f"the world has no profile {name} at {system}")
        return found[0]

    def profiles(self, system: str, user: str = "alice") -> tuple[ProfilePlan, ...]:
        """The user's profiles for the service of the scenario."""
        return self.world.plan.profiles_of(system, user, self.service)

    def active_profile(self, system: str, user: str = "alice") -> ProfilePlan:
        """The profile that is active at service authorisation."""
        return self.world.plan.active_profile(system, user, self.service)

    def selector(self, profile: ProfilePlan) -> str:
        return self.world.profile_selector(
            profile.system, profile.user, profile.index, profile.service
        )

    def profile_selectors(self, system: str, user: str = "alice") -> list[str]:
        return [self.selector(profile) for profile in self.profiles(system, user)]

    def group_selectors(self, profile: ProfilePlan) -> list[str]:
        builder = self.world.builder
        return [builder.group_selector(profile.system, label) for label in profile.groups]

    # Evidence ----------------------------------------------------------------------------------

    def http(
        self, system: str = "", server: str = "", since: float = 0.0, holding: str = ""
    ) -> list[HttpExchange]:
        """HTTP exchanges in the order of their requests; `holding` is part of the decoded path."""
        found = [
            exchange
            for exchange in self.journal.exchanges
            if isinstance(exchange, HttpExchange)
            and system in ("", exchange.system)
            and server in ("", exchange.server)
            and exchange.started >= since
            and holding in exchange.decoded_path
        ]
        return sorted(found, key=lambda exchange: exchange.started)

    def sip(
        self, method: str, system: str = "", since: float = 0.0, direction: str = "from_ue"
    ) -> list[SipExchange]:
        found = [
            exchange
            for exchange in self.journal.exchanges
            if isinstance(exchange, SipExchange)
            and exchange.method == method
            and exchange.direction == direction
            and system in ("", exchange.system)
            and exchange.started >= since
        ]
        return sorted(found, key=lambda exchange: exchange.started)

    def xcap(self, since: float = 0.0) -> list[HttpExchange]:
        """Requests for documents, wherever they arrived: not those to IdMS, KMS or bootstrap."""
        return [e for e in self.http(since=since) if e.server in ("cms", "gms")]

    def everything(self, since: float = 0.0) -> list[Exchange]:
        found = [e for e in self.journal.exchanges if e.started >= since]
        return sorted(found, key=lambda exchange: exchange.started)

    def contacts(self, since: float = 0.0) -> list[Contact]:
        return [contact for contact in self.journal.contacts if contact.time >= since]

    def token_requests(
        self, grant: str, system: str = "", since: float = 0.0
    ) -> list[HttpExchange]:
        """Requests to a token endpoint with that grant type."""
        posts = self.http(system, "idms", since)
        return [post for post in posts if post.form.get("grant_type") == grant]

    def authentication_requests(self, since: float = 0.0) -> list[HttpExchange]:
        """Requests that ask an IdM server for a code."""
        asked = self.http(server="idms", since=since)
        given = [(e, {*e.query, *e.form}) for e in asked]
        # A missing response_type is judged, so the request is known by its other parameters too.
        wanted = {"response_type", "code_challenge", "redirect_uri"}
        return [e for e, names in given if names & wanted and "grant_type" not in names]

    def notifications(self, system: str, holding: str, since: float = 0.0) -> list[SipExchange]:
        """NOTIFYs that were answered 200 and announce a document whose selector holds the text."""
        return [
            notify
            for notify in self.sip("NOTIFY", system, since, "to_ue")
            if notify.status == 200 and any(holding in sel for sel in announced(notify))
        ]

    def authorisations(self, system: str, since: float = 0.0) -> list[SipExchange]:
        """PUBLISH or REGISTER requests that present an access token for service."""
        asked = [*self.sip("PUBLISH", system, since), *self.sip("REGISTER", system, since)]
        element = f"{self.service}-access-token"
        with_token = [
            e for e in asked if body_token(e) or info_value(e, element, self.service) is not None
        ]
        return sorted(with_token, key=lambda exchange: exchange.started)

    def settings(self, system: str, since: float = 0.0) -> list[SipExchange]:
        """PUBLISH requests that say which profile is active."""
        return [e for e in self.sip("PUBLISH", system, since) if profile_index(e) is not None]

    # Waiting -----------------------------------------------------------------------------------

    @property
    def moment(self) -> float:
        """Seconds by which an answer is late for all that was sent beside its request to be in."""
        return MOMENT_SECONDS * self.waiting.scale

    def awaited(self, holds: Callable[[], object]) -> bool:
        """Wait for evidence: until it is there, the UE proves idle, or the IXIT's time is over."""
        limit = self.waiting.answer * self.waiting.scale
        if not self.driver.proves_quiet:
            seen = self.journal.wait_until(lambda: bool(holds()), limit)
            if not seen:
                self._quiet(0)
            return seen
        if self.journal.wait_until(lambda: bool(holds()), 0.05):
            return True
        self._quiet(limit)
        # What the UE sent last may still be on its way through a stub.
        return self.journal.wait_until(lambda: bool(holds()), 0.1)

    def _quiet(self, limit: float) -> None:
        """Wait until the UE is idle; of a UE whose driver is gone nothing can be said."""
        try:
            self.driver.quiet(limit)
        except Exception as error:
            told = self.journal.masker.mask_text(f"{type(error).__name__}: {error}")
            require(False, Reason.DRIVER_FAILED, f"waiting: {told}")

    def expect(self, find: Callable[[], Sequence[Exchange]], what: str) -> Exchange:
        """Return the first such exchange; INCONCLUSIVE(ue_silent) when none comes."""
        self.awaited(find)
        found = find()
        require(found, Reason.UE_SILENT, f"not seen: {what}")
        return found[0]

    def settled(self, after: str) -> Window:
        """Wait the quiet time of the IXIT, and return the window that it covers."""
        begins = now()
        limit = self.waiting.quiet * self.waiting.scale
        self._quiet(limit)
        if self.driver.proves_quiet:
            self.journal.wait_until(lambda: False, 0.02)
        window = Window(self.chosen_at, now(), self.waiting.scale, after)
        self.journal.write("wait", begins=begins, ends=window.ends, scale=window.scale, after=after)
        return window
