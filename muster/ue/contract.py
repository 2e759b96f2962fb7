"""The contract between Muster and a driver that is another program: operations and answers as JSON.

The same JSON travels over HTTP, to a command, and to the reference UE that runs by itself.
docs/driver.md describes it for vendors; a test keeps this table and docs/driver-openapi.yaml alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from muster.ue.driver import Answer, AnswerKind, Credentials, Provisioning

CONTRACT = "1.0"
"""Major and minor version; both sides must speak the same major version."""
DESCRIBE = "describe"
"""Not an operation of the UE: how a driver says who it is and what it can do."""
LARGEST = 1 << 20
"""Bytes of the largest answer that is read."""

Kind: TypeAlias = Literal["string", "integer", "object"]
JsonObject: TypeAlias = Mapping[str, Any]


class ContractBroken(Exception):
    """What a driver (or its caller) sent is not what the contract says; the message says what."""


@dataclass(frozen=True)
class Argument:
    """One member of `arguments`."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True)
class Operation:
    """One thing that a driver is asked to do."""

    name: str
    what: str
    """What the UE (or a person at it) is to do."""
    arguments: tuple[Argument, ...] = ()
    optional: bool = False
    """A driver without it loses no scenario."""


SERVICE = Argument("service", "string", "the MC service: mcptt, mcvideo or mcdata")
INDEX = Argument("index", "integer", "the index of the user profile (user-profile-index)")

PROVISIONING = (
    Argument("bootstrap_uri", "string", "URI of the terminal's initial UE configuration document"),
    Argument("mcs_ue_id", "string", "MCS UE ID: names the terminal's own UE configuration"),
    Argument("instance_id", "string", "instance ID of the terminal, a URN (TS 23.003, 13.8)"),
    Argument("client_id", "string", "client identifier that the IdM server knows the UE by"),
    Argument("redirect_uri", "string", "redirect URI that is registered for that client"),
    Argument("public_identity", "string", "SIP URI of the user's IMS identity at the primary"),
    Argument("trusted_ca_pem", "string", "certificates of the authorities to trust, as PEM"),
    Argument("hosts", "object", "host name to IP address: what DNS would answer"),
    Argument("source_address", "string", "IP address that the UE is expected to send from"),
    Argument("options", "object", "choices of the ICS for this scenario, each a text"),
)

OPERATIONS: Mapping[str, Operation] = {
    one.name: one
    for one in (
        Operation(
            "reset",
            "Forget everything (documents, tokens, keys, connections), take this provisioning, and"
            " stay switched off",
            PROVISIONING,
        ),
        Operation("power_on", "Switch the terminal on, so that it bootstraps"),
        Operation(
            "sign_in",
            "Sign the user in at the identity server of the primary system",
            (
                Argument("user", "string", "the user by the name that features use: alice"),
                Argument("username", "string", "what is typed as the user's name"),
                Argument("password", "string", "what is typed as the password"),
            ),
        ),
        Operation(
            "start_service",
            "Start an MC service: keys, configuration, service authorisation",
            (SERVICE,),
        ),
        Operation("stop_service", "Stop an MC service", (SERVICE,)),
        Operation("select_profile", "Make another user profile the active one", (SERVICE, INDEX)),
        Operation(
            "preselect_profile", "Make another user profile the pre-selected one", (SERVICE, INDEX)
        ),
        Operation(
            "migrate",
            "Migrate to a partner system that the user's profile lists",
            (
                SERVICE,
                Argument("partner", "string", "the partner, as the profile identifies it"),
                Argument("profile", "integer", "index of the primary's profile that lists it"),
            ),
        ),
        Operation(
            "enter_network",
            "Let the network of this PLMN serve the terminal; a UE that chooses partners by"
            " itself may migrate now",
            (Argument("plmn", "string", "the PLMN, as 00102"),),
        ),
        Operation("return_home", "End the migrated service and be served by the primary again"),
        Operation("sign_out", "Sign the user out: end all service and forget the tokens"),
        Operation("power_off", "Sign out and switch the terminal off"),
        Operation("report_state", "Say what the UE holds, for people to read", optional=True),
        Operation(
            "quiet",
            "Wait until the UE has nothing under way, and say whether it has",
            optional=True,
        ),
    )
}


@dataclass(frozen=True)
class Description:
    """What a driver says of itself."""

    contract: str
    operations: frozenset[str]
    """Those it can do; a driver may also answer unsupported when it is asked."""
    name: str = ""
    """What the vendor calls it; for people."""
    proves_quiet: bool = False
    """Whether its `quiet` proves idleness; believed only where `ue.toml` says so."""


def arguments_of(operation: str, given: tuple[object, ...]) -> dict[str, Any]:
    """Return the arguments of a call of `Driver` as the contract names them."""
    match given:
        case (Provisioning() as provisioning,):
            told: dict[str, Any] = dict(vars(provisioning))
            told["trusted_ca_pem"] = provisioning.trusted_ca_pem.decode("ascii")
            return {name: dict(v) if isinstance(v, Mapping) else v for name, v in told.items()}
        case (user, Credentials() as credentials):
            return {
                "user": user,
                "username": credentials.username,
                "password": credentials.password,
            }
    names = [argument.name for argument in OPERATIONS[operation].arguments]
    return dict(zip(names, given, strict=True))


def provisioning_from(arguments: JsonObject) -> Provisioning:
    """The inverse for `reset`; ContractBroken where a member is missing or of another kind."""
    told = checked("reset", arguments)
    return Provisioning(**{**told, "trusted_ca_pem": told["trusted_ca_pem"].encode("ascii")})


KINDS: Mapping[Kind, type] = {"string": str, "integer": int, "object": dict}


def checked(operation: str, arguments: object) -> dict[str, Any]:
    """Return the arguments that the operation has; others are passed over, as newer ones may be."""
    if not isinstance(arguments, dict):
        raise ContractBroken("arguments: an object is expected")
    for one in OPERATIONS[operation].arguments:
        value = arguments.get(one.name)
        if not isinstance(value, KINDS[one.kind]) or isinstance(value, bool):
            raise ContractBroken(f"arguments.{one.name}: {_an(one.kind)} is expected")
    return {one.name: arguments[one.name] for one in OPERATIONS[operation].arguments}


def description_from(told: object) -> Description:
    """Read what a driver answers when it is asked to describe itself."""
    if not isinstance(told, dict) or not isinstance(told.get("contract"), str):
        raise ContractBroken('an object with "contract": "<version>" is expected')
    version = told["contract"]
    if version.partition(".")[0] != CONTRACT.partition(".")[0]:
        raise ContractBroken(
            f"the driver speaks version {version[:20]!r} of the contract; Muster speaks {CONTRACT}"
        )
    operations = told.get("operations", list(OPERATIONS))
    if not isinstance(operations, list) or not all(isinstance(one, str) for one in operations):
        raise ContractBroken("operations: a list of names is expected")
    name = told.get("name", "")
    if not isinstance(name, str):
        raise ContractBroken("name: a string is expected")
    quiet = told.get("proves_quiet", False) is True
    return Description(version, frozenset(operations), name[:200], quiet)


def description_to(described: Description) -> dict[str, Any]:
    """Return what `description_from` reads."""
    return {**vars(described), "operations": sorted(described.operations)}


def answer_from(told: object) -> Answer:
    """Read the answer to an operation; ContractBroken for anything that is none."""
    words = [kind.value for kind in AnswerKind]
    if not isinstance(told, dict) or told.get("answer") not in words:
        raise ContractBroken(f'an object with "answer" is expected: one of {", ".join(words)}')
    reason = told.get("reason", "")
    if not isinstance(reason, str):
        raise ContractBroken("reason: a string is expected")
    return Answer(AnswerKind(told["answer"]), reason[:2000])


def request_for(operation: str, arguments: JsonObject, limit: float) -> dict[str, Any]:
    """Return what a driver is sent."""
    return {
        "contract": CONTRACT,
        "operation": operation,
        "limit_seconds": limit,
        "arguments": dict(arguments),
    }


def _an(kind: Kind) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
