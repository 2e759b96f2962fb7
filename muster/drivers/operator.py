"""A person at the UE: each operation is a prompt, on the terminal or on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from muster.drivers.external import GRACE_SECONDS, DriverFailed
from muster.evidence import Json
from muster.prompts import Choice, Prompt, Reply
from muster.ue.contract import CONTRACT, OPERATIONS, JsonObject
from muster.ue.driver import AnswerKind

ANSWERS: Mapping[Choice, AnswerKind] = {
    Choice.DONE: AnswerKind.DONE,
    Choice.REFUSED: AnswerKind.REFUSED,
    Choice.CANNOT: AnswerKind.UNSUPPORTED,
}

WHY: Mapping[str, str] = {
    "reset": "Each scenario begins with a UE that remembers nothing of the one before.",
    "power_on": "Muster watches how the UE asks for its initial configuration.",
    "sign_in": "Muster watches the authentication and the token requests.",
    "start_service": "Muster watches keys, documents, subscriptions and service authorisation.",
    "stop_service": "Muster watches how the service is ended.",
    "select_profile": "Muster watches how the change of the active profile is told.",
    "preselect_profile": "Muster watches how the pre-selected profile is changed.",
    "migrate": "Muster watches the way from the primary system to the partner.",
    "enter_network": "Muster watches whether the UE migrates by itself, and where to.",
    "return_home": "Muster watches how the UE comes back to the primary system.",
    "sign_out": "Muster watches what the UE ends.",
    "power_off": "The systems of this scenario end; a UE that is on would speak to the next ones.",
}


class OperatorChannel:
    """Asks a person, through `ask` of muster.prompts; no secret stands in a prompt."""

    def __init__(
        self, ask: Callable[[Prompt], Reply], password_of: Callable[[str], str | None]
    ) -> None:
        self._ask = ask
        self._password_of = password_of

    def describe(self, seconds: float) -> object:
        """Whatever a person cannot do, the answers say."""
        able = [one.name for one in OPERATIONS.values() if not one.optional]
        return {"contract": CONTRACT, "operations": able, "name": "operator"}

    def call(self, operation: str, request: JsonObject, seconds: float) -> object:
        """Ask for the operation, and wait for the answer."""
        arguments = dict(request["arguments"])
        what = f"{OPERATIONS[operation].what}."
        if operation == "sign_in":
            arguments["password"], told = self._password_words(arguments)
            what = f"{what[:-1]}: as {arguments['username']}, {told}."
        elif operation == "reset":
            arguments["options"] = _without_passwords(arguments["options"])
        else:
            what += _in_words(arguments)
        waiting = seconds - GRACE_SECONDS
        reply = self._ask(Prompt(operation, arguments, what, WHY[operation], waiting))
        if reply.answer is Choice.SILENT:
            raise DriverFailed(f"nobody answered the prompt within {waiting:g} s")
        return {"answer": ANSWERS[reply.answer].value, "reason": reply.detail}

    def close(self) -> None:
        """Nothing is held."""

    def _password_words(self, arguments: Mapping[str, Any]) -> tuple[Json, str]:
        if arguments["password"] == self._password_of(arguments["user"]):
            return "(in the file of secrets)", "with the password of the file of secrets"
        return "(a wrong one)", "with a WRONG password, whichever"


def _without_passwords(options: Mapping[str, str]) -> dict[str, str]:
    told = "(in the file of secrets)"
    return {name: told if "password" in name else value for name, value in options.items()}


def _in_words(arguments: Mapping[str, Json]) -> str:
    return "".join(f" {name.replace('_', ' ').capitalize()}: {v}." for name, v in arguments.items())
