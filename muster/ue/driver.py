"""How Muster makes a UE act: user-level operations, answered done, refused or unsupported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Protocol, runtime_checkable

OPERATION_LIMIT = 30.0
"""Seconds that an operation may take before the driver answers that the UE refused it."""


class AnswerKind(Enum):
    """What became of a stimulus, as the UE or its driver says it; never the ground of a FAIL."""

    DONE = "done"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Answer:
    """The answer to one stimulus; `reason` is empty when it was done."""

    kind: AnswerKind
    reason: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the UE accepted the stimulus and finished acting on it."""
        return self.kind is AnswerKind.DONE


DONE = Answer(AnswerKind.DONE)


def refused(reason: str) -> Answer:
    """Answer that the UE did not do it, or did not finish it."""
    return Answer(AnswerKind.REFUSED, reason)


def unsupported(reason: str) -> Answer:
    """Answer that this driver has no way to make its UE do it."""
    return Answer(AnswerKind.UNSUPPORTED, reason)


@dataclass(frozen=True)
class Credentials:
    """What the user types into the form of the identity server."""

    username: str
    password: str = field(repr=False)


def _no_entries() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Provisioning:
    """All that a terminal knows before it is switched on; the rest it must read in documents."""

    bootstrap_uri: str
    """Complete URI of the terminal's initial UE configuration document."""
    mcs_ue_id: str
    """Name of the terminal's own UE configuration document (MCS UE ID)."""
    instance_id: str
    """Instance ID, a URN (TS 23.003, 13.8)."""
    client_id: str
    redirect_uri: str
    public_identity: str
    """SIP URI of the user's IMS identity at the primary system."""
    trusted_ca_pem: bytes
    hosts: Mapping[str, str] = field(default_factory=_no_entries)
    """Host name to address; stands for DNS."""
    source_address: str = "127.0.0.1"
    """The address that everything the UE sends comes from."""
    options: Mapping[str, str] = field(default_factory=_no_entries)
    """Choices the ICS leaves to the UE:

    service_authorisation: "publish" or "register"; sip_transport: "udp" or "tcp";
    partner_public_identity: SIP URI of the user's IMS identity at the partner;
    pdn_connections: name=address of each PDN connection, as "visited=127.0.0.9";
    patience_seconds: how long the UE waits for an answer once its user is to migrate, where that
    is less than it usually does;
    sip_username, sip_password: what challenges of a SIP core are answered with;
    decryption_key_check: "none" spares the UE a pairing for each set of keys;
    services: the MC services that the UE has clients for, such as "mcptt,mcvideo"; else MCPTT;
    partner_mcptt_id, partner_mcvideo_id, partner_mcdata_id: the user's MC service ID at the
    partner, where its tokens do not tell it.
    """


@runtime_checkable
class Driver(Protocol):
    """One UE under test. Every operation returns when the UE has finished acting on it."""

    @property
    def name(self) -> str:
        """What reports call this UE."""

    @property
    def proves_quiet(self) -> bool:
        """Whether `quiet` can prove idleness, so that waiting may end early."""

    def reset(self, provisioning: Provisioning) -> Answer:
        """Forget everything, also connections, and take this provisioning."""

    def power_on(self) -> Answer:
        """Switch the terminal on: bootstrap."""

    def sign_in(self, user: str, credentials: Credentials) -> Answer:
        """Let the user authenticate at the identity server of the primary system."""

    def start_service(self, service: str) -> Answer:
        """Obtain keys and configuration, and become service authorised, as for "mcvideo"."""

    def stop_service(self, service: str) -> Answer:
        """End the service authorisation and the subscriptions of the service."""

    def select_profile(self, service: str, index: int) -> Answer:
        """Make another user profile the active one."""

    def preselect_profile(self, service: str, index: int) -> Answer:
        """Update the pre-selected user profile (TS 23.280, 10.1.4.6)."""

    def migrate(self, service: str, partner: str, profile: int) -> Answer:
        """Migrate to the partner system that this profile of the primary lists."""

    def enter_network(self, plmn: str) -> Answer:
        """Let the network of this PLMN serve the terminal, as "00102": it may choose a partner.

        Choosing by itself is NOTE 1 of TS 23.280, 10.1.1.2; a UE that never does answers done.
        """

    def return_home(self) -> Answer:
        """End the migrated service and be served by the primary system again."""

    def sign_out(self) -> Answer:
        """End all service and forget the user."""

    def power_off(self) -> Answer:
        """Sign out and switch the terminal off."""

    def report_state(self) -> Mapping[str, object] | None:
        """Say what the UE holds, or None where it cannot; for people, never for verdicts."""

    def quiet(self, limit_seconds: float) -> bool:
        """Wait, at most the limit, until the UE proves that it has nothing under way.

        A driver whose UE cannot prove it waits the whole limit and returns False.
        """

    def close(self) -> None:
        """Release everything; the driver is of no further use."""
