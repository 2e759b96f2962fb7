"""A UE behind another program: the operations of `Driver`, carried by a channel as JSON."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from muster.ue.contract import (
    Description,
    JsonObject,
    answer_from,
    arguments_of,
    description_from,
    request_for,
)
from muster.ue.driver import Answer, AnswerKind, Credentials, Provisioning, unsupported

GRACE_SECONDS = 2.0
"""How long an answer may take beyond the limit that the driver was told."""
DESCRIBE_SECONDS = 10.0
"""How long a driver may take to say who it is: nothing is done with the UE meanwhile."""


class DriverFailed(Exception):
    """The driver is not there, hangs, died or does not keep to the contract; never a FAIL."""


class Channel(Protocol):
    """How requests reach a driver. Anything but an answer in JSON is `DriverFailed`."""

    def describe(self, seconds: float) -> object:
        """Ask the driver who it is and what it can do."""

    def call(self, operation: str, request: JsonObject, seconds: float) -> object:
        """Send a request, and return the answer; it must be there within the time."""

    def close(self) -> None:
        """Release what the channel holds."""


class ExternalDriver:
    """Drives a UE through a channel."""

    def __init__(
        self, name: str, channel: Channel, limit: Callable[[str], float], trust_idle: bool = False
    ) -> None:
        self._name = name
        self._channel = channel
        self._limit = limit
        self._trust_idle = trust_idle
        self._described: Description | None = None

    @property
    def name(self) -> str:
        """What reports call this UE."""
        return self._name

    @property
    def proves_quiet(self) -> bool:
        """Only where `ue.toml` trusts the driver's word, and the driver gives it."""
        return self._trust_idle and self._described is not None and self._described.proves_quiet

    # Operations

    def reset(self, provisioning: Provisioning) -> Answer:
        """Provision the UE anew; asks the driver first who it is."""
        self._described = None
        return self._perform("reset", provisioning)

    def power_on(self) -> Answer:
        """Switch the UE on."""
        return self._perform("power_on")

    def sign_in(self, user: str, credentials: Credentials) -> Answer:
        """Sign the user in."""
        return self._perform("sign_in", user, credentials)

    def start_service(self, service: str) -> Answer:
        """Start an MC service."""
        return self._perform("start_service", service)

    def stop_service(self, service: str) -> Answer:
        """Stop an MC service."""
        return self._perform("stop_service", service)

    def select_profile(self, service: str, index: int) -> Answer:
        """Make another profile the active one."""
        return self._perform("select_profile", service, index)

    def preselect_profile(self, service: str, index: int) -> Answer:
        """Make another profile the pre-selected one."""
        return self._perform("preselect_profile", service, index)

    def migrate(self, service: str, partner: str, profile: int) -> Answer:
        """Migrate to a partner system."""
        return self._perform("migrate", service, partner, profile)

    def enter_network(self, plmn: str) -> Answer:
        """Let another network serve the terminal."""
        return self._perform("enter_network", plmn)

    def return_home(self) -> Answer:
        """Come back to the primary."""
        return self._perform("return_home")

    def sign_out(self) -> Answer:
        """Sign the user out."""
        return self._perform("sign_out")

    def power_off(self) -> Answer:
        """Switch the UE off."""
        return self._perform("power_off")

    def report_state(self) -> Mapping[str, object] | None:
        """What the driver says that its UE holds; None where it cannot."""
        if "report_state" not in self.described().operations:
            return None
        told = self._ask("report_state")
        state = told.get("state") if isinstance(told, dict) else None
        return state if isinstance(state, dict) else None

    def quiet(self, limit_seconds: float) -> bool:
        """Wait; only a driver that is trusted to tell may end it early.

        A driver that is gone after the wait is `DriverFailed`: nothing can be said of a UE then.
        """
        if self.proves_quiet:
            idle = answer_from(self._ask("quiet", limit_seconds))
            return idle.kind is AnswerKind.DONE
        time.sleep(limit_seconds)
        self._described = None
        self.described()
        return False

    def close(self) -> None:
        """Release the channel."""
        self._channel.close()

    def described(self) -> Description:
        """What the driver says of itself, asked once for each reset of the UE."""
        if self._described is None:
            self._described = description_from(self._channel.describe(DESCRIBE_SECONDS))
        return self._described

    def _perform(self, operation: str, *arguments: object) -> Answer:
        if operation not in self.described().operations:
            return unsupported("the driver does not list the operation")
        return answer_from(self._ask(operation, self._limit(operation), *arguments))

    def _ask(self, operation: str, limit: float | None = None, *arguments: object) -> Any:
        seconds = self._limit(operation) if limit is None else limit
        request = request_for(operation, arguments_of(operation, arguments), seconds)
        try:
            return self._channel.call(operation, request, seconds + GRACE_SECONDS)
        except DriverFailed:
            # Before it is asked for anything else: one that hangs costs no second long wait.
            self._described = None
            raise
