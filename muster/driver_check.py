"""Exercises a vendor's driver by itself, without MC systems: does it keep to the contract?"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import trustme

from muster.configuration import CommandChoice, Configuration, HttpChoice
from muster.drivers.external import DESCRIBE_SECONDS, GRACE_SECONDS, Channel, DriverFailed
from muster.ue.contract import (
    CONTRACT,
    OPERATIONS,
    ContractBroken,
    Description,
    answer_from,
    arguments_of,
    description_from,
    request_for,
)
from muster.ue.driver import Answer, AnswerKind, Credentials, Provisioning

NOWHERE = "bootstrap.nowhere.example"
"""A host without a server: nothing that is asked for here can succeed on the network."""
IN_ORDER = (
    "power_on",
    "sign_in",
    "start_service",
    "select_profile",
    "preselect_profile",
    "migrate",
    "enter_network",
    "return_home",
    "stop_service",
    "sign_out",
    "report_state",
    "quiet",
    "power_off",
)
BROKEN = (DriverFailed, ContractBroken)


@dataclass(frozen=True)
class Line:
    """One thing that was looked at."""

    what: str
    told: str
    todo: str = ""
    """What to do; empty: it is right."""

    @property
    def is_right(self) -> bool:
        return not self.todo


def provisioning() -> Provisioning:
    """A provisioning that leads nowhere: a closed port of this machine."""
    return Provisioning(
        bootstrap_uri=f"https://{NOWHERE}:1/none/org.3gpp.mcptt.ue-init-config/users/x/ue-check",
        mcs_ue_id="ue-check",
        instance_id="urn:uuid:00000000-0000-4000-8000-000000000001",
        client_id="client-check",
        redirect_uri="http://mcptt.check.example/cb",
        public_identity="sip:check@ims.example",
        trusted_ca_pem=trustme.CA().cert_pem.bytes(),
        hosts={NOWHERE: "127.0.0.1"},
        options={"services": "mcptt"},
    )


ARGUMENTS: dict[str, tuple[object, ...]] = {
    "sign_in": ("alice", Credentials("alice@nowhere.example", "no-password-at-all")),
    "start_service": ("mcptt",),
    "stop_service": ("mcptt",),
    "select_profile": ("mcptt", 1),
    "preselect_profile": ("mcptt", 1),
    "migrate": ("mcptt", "sip:partner@nowhere.example", 1),
    "enter_network": ("99999",),
}


class DriverCheck:
    """Goes through the contract with a driver; yields a line for each thing."""

    def __init__(
        self, configuration: Configuration, channel: Channel, without_token: Channel | None
    ) -> None:
        self._configuration = configuration
        self._channel = channel
        self._without_token = without_token
        self._provisioning = provisioning()

    def lines(self) -> Iterator[Line]:
        """Look at everything that can be looked at; a driver that is not there ends it."""
        described = yield from self._description()
        if described is None:
            return
        yield from self._coverage(described)
        if self._without_token:
            yield self._token(self._without_token)
        yield self._reset("reset", {})
        yield self._reset("reset again, with a member of a later version", {"later": "value"})
        for operation in IN_ORDER:
            if operation in described.operations:
                yield self._operation(operation)
        yield self._unknown()
        yield self._reset("reset at the end", {})

    def _description(self) -> Generator[Line, None, Description | None]:
        began = time.monotonic()
        try:
            described = description_from(self._channel.describe(DESCRIBE_SECONDS))
        except BROKEN as error:
            yield Line("describe", str(error), self._reach())
            return None
        took = time.monotonic() - began
        name = f"{described.name!r}, " if described.name else ""
        told = f"{name}contract {described.contract}, {len(described.operations)} operations"
        yield Line("describe", f"{told} ({took:.2f} s)")
        return described

    def _reach(self) -> str:
        wanted = f'{{"contract": "{CONTRACT}"}}'
        match self._configuration.driver:
            case HttpChoice(url=url):
                return f"start your control server; GET {url}/ must answer {wanted}"
            case CommandChoice(command=command):
                return f'"{" ".join(command)} describe" must print {wanted} and exit with 0'
        return ""

    def _coverage(self, described: Description) -> Iterator[Line]:
        unknown = sorted(described.operations - set(OPERATIONS))
        if unknown:
            todo = f"correct the names; there are: {', '.join(OPERATIONS)}"
            yield Line("operations", f"not of this contract: {', '.join(unknown)}", todo)
        claimed = [n for n in OPERATIONS if f"operation:{n}" in self._configuration.ics.claimed]
        missing = [name for name in claimed if name not in described.operations]
        if missing:
            yield Line(
                "operations",
                f"claimed by the ICS and not listed: {', '.join(missing)}",
                "implement and list them, or set operation:<name> = false; scenarios are NOT_RUN",
            )
        elif not unknown:
            yield Line("operations", "every operation that the ICS claims is listed")

    def _token(self, channel: Channel) -> Line:
        try:
            self._ask(channel, "power_off", {})
        except BROKEN:
            return Line("token", "a request without the token is refused")
        return Line(
            "token",
            "a request without the token was answered like any other",
            "refuse it with status 401, or use no token where nobody else reaches the server",
        )

    def _reset(self, what: str, more: dict[str, Any]) -> Line:
        arguments = {**arguments_of("reset", (self._provisioning,)), **more}
        return self._judged(
            what,
            lambda: self._ask(self._channel, "reset", arguments),
            must_be=AnswerKind.DONE,
            todo="every scenario begins with reset: it must be done, whatever state the UE is in,"
            " without reaching any server, and pass over members that it does not know",
        )

    def _operation(self, operation: str) -> Line:
        arguments = arguments_of(operation, ARGUMENTS.get(operation, ()))
        return self._judged(
            operation,
            lambda: self._ask(self._channel, operation, arguments),
            must_be=None,
            todo="answer done, refused or unsupported within limit_seconds, also where no server"
            " can be reached",
        )

    def _unknown(self) -> Line:
        try:
            answer = self._ask(self._channel, "no_such_operation", {})
        except BROKEN:
            return Line("an unknown operation", "is not taken")
        if answer.kind is AnswerKind.DONE:
            told = "was answered done"
            return Line("an unknown operation", told, "answer unsupported, or an error")
        return Line("an unknown operation", f"is answered {answer.kind.value}")

    def _judged(
        self, what: str, ask: Callable[[], Answer], must_be: AnswerKind | None, todo: str
    ) -> Line:
        began = time.monotonic()
        try:
            answer = ask()
        except BROKEN as error:
            return Line(what, str(error), todo)
        reason = f": {answer.reason}" if answer.reason else ""
        told = f"{answer.kind.value}{reason} ({time.monotonic() - began:.2f} s)"
        return Line(what, told, todo if must_be not in (None, answer.kind) else "")

    def _ask(self, channel: Channel, operation: str, arguments: dict[str, Any]) -> Answer:
        limit = self._configuration.limit(operation)
        request = request_for(operation, arguments, limit)
        return answer_from(channel.call(operation, request, limit + GRACE_SECONDS))
