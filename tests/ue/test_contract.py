"""The contract of drivers as JSON: what a call becomes, and what is refused."""

from __future__ import annotations

import inspect
import json

import pytest

from muster.ue.contract import (
    CONTRACT,
    OPERATIONS,
    PROVISIONING,
    ContractBroken,
    Description,
    answer_from,
    arguments_of,
    checked,
    description_from,
    description_to,
    provisioning_from,
    request_for,
)
from muster.ue.driver import DONE, Credentials, Driver, Provisioning, refused, unsupported

PROVISIONED = Provisioning(
    bootstrap_uri="https://bootstrap.example:1/b/x.xml",
    mcs_ue_id="ue-1",
    instance_id="urn:uuid:00000000-0000-4000-8000-000000000000",
    client_id="client-1",
    redirect_uri="http://mcptt.example/cb",
    public_identity="sip:alice@ims.example",
    trusted_ca_pem=b"-----BEGIN CERTIFICATE-----\n",
    hosts={"bootstrap.example": "127.0.0.9"},
    options={"services": "mcptt"},
)


def methods() -> dict[str, list[str]]:
    """The operations of `Driver` with the names of their arguments."""
    ours = {"name", "proves_quiet", "close", "quiet"}
    return {
        name: list(inspect.signature(member).parameters)[1:]
        for name, member in vars(Driver).items()
        if inspect.isfunction(member) and not name.startswith("_") and name not in ours
    }


def test_the_operations_are_those_of_a_driver() -> None:
    told = {name: [one.name for one in op.arguments] for name, op in OPERATIONS.items()}
    told["reset"] = ["provisioning"]
    told["sign_in"] = ["user", "credentials"]
    del told["quiet"]

    assert told == methods()


def test_provisioning_tells_all_that_a_terminal_knows_and_comes_back_whole() -> None:
    arguments = json.loads(json.dumps(arguments_of("reset", (PROVISIONED,))))

    assert set(arguments) == {one.name for one in PROVISIONING} == set(vars(PROVISIONED))
    assert provisioning_from(arguments) == PROVISIONED


def test_a_call_becomes_named_arguments() -> None:
    given = arguments_of("sign_in", ("alice", Credentials("alice@x", "hunter2")))

    assert given == {"user": "alice", "username": "alice@x", "password": "hunter2"}
    assert arguments_of("migrate", ("mcptt", "sip:p@x", 2)) == {
        "service": "mcptt",
        "partner": "sip:p@x",
        "profile": 2,
    }
    assert request_for("power_on", {}, 30.0) == {
        "contract": CONTRACT,
        "operation": "power_on",
        "limit_seconds": 30.0,
        "arguments": {},
    }


def test_answers_are_read() -> None:
    assert answer_from({"answer": "done", "more": 1}) == DONE
    assert answer_from({"answer": "refused", "reason": "no"}) == refused("no")
    assert answer_from({"answer": "unsupported"}) == unsupported("")


@pytest.mark.parametrize(
    "told", [None, [], {}, {"answer": "ok"}, {"answer": ["done"]}, {"answer": "done", "reason": 1}]
)
def test_what_is_no_answer_is_refused(told: object) -> None:
    with pytest.raises(ContractBroken):
        answer_from(told)


def test_a_description_comes_back_whole() -> None:
    described = Description("1.7", frozenset({"reset", "power_on"}), "er-1", True)

    assert description_from(json.loads(json.dumps(description_to(described)))) == described
    assert description_from({"contract": "1.0"}).operations == frozenset(OPERATIONS)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("1.0", "an object with"),
        ({"contract": 1}, "an object with"),
        ({"contract": "2.0"}, "speaks version '2.0' of the contract; Muster speaks 1.0"),
        ({"contract": "1.0", "operations": "all"}, "operations: a list"),
        ({"contract": "1.0", "operations": [1]}, "operations: a list"),
        ({"contract": "1.0", "name": 7}, "name: a string"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(told: object, words: str) -> None:
    with pytest.raises(ContractBroken, match=words):
        description_from(told)


def test_arguments_are_checked_and_unknown_ones_passed_over() -> None:
    assert checked("start_service", {"service": "mcptt", "newer": 1}) == {"service": "mcptt"}
    with pytest.raises(ContractBroken, match=r"arguments\.index: an integer is expected"):
        checked("select_profile", {"service": "mcptt", "index": True})
    with pytest.raises(ContractBroken, match="arguments: an object is expected"):
        checked("power_on", [])
