"""The OpenAPI description of the contract, against what really goes over the wire."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from typing import Any

import jsonschema
import pytest

from muster.driver_check import ARGUMENTS, provisioning
from muster.ue.contract import OPERATIONS, arguments_of, request_for
from muster.ue.openapi import document
from tests.conftest import ROOT

DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs" / "driver-openapi.json").read_text("utf-8"))


def fits(value: object, schema: dict[str, Any]) -> None:
    """Raise unless the value fits the schema, with the references of the document."""
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


def exchange(url: str, path: str, request: object = None) -> Any:
    body = None if request is None else json.dumps(request).encode()
    with urllib.request.urlopen(url + path, body, timeout=30) as answer:
        assert answer.status == 200
        return json.loads(answer.read())


def request_of(operation: str) -> dict[str, Any]:
    given = (provisioning(),) if operation == "reset" else ARGUMENTS.get(operation, ())
    return json.loads(json.dumps(request_for(operation, arguments_of(operation, given), 10.0)))


def test_the_description_is_made_from_the_table() -> None:
    assert document() == DOCUMENT


def test_schemas_are_schemas() -> None:
    for path in DOCUMENT["paths"].values():
        for method in path.values():
            for content in method.get("requestBody", {}).get("content", {}).values():
                jsonschema.Draft202012Validator.check_schema(content["schema"])
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_sent_and_answered_fits(reference_url: str, operation: str) -> None:
    request = request_of(operation)
    described = DOCUMENT["paths"][f"/operations/{operation}"]["post"]

    answer = exchange(reference_url, f"/operations/{operation}", request)

    fits(request, described["requestBody"]["content"]["application/json"]["schema"])
    fits(answer, described["responses"]["200"]["content"]["application/json"]["schema"])


def test_the_description_of_a_driver_fits(reference_url: str) -> None:
    described = DOCUMENT["paths"]["/"]["get"]["responses"]["200"]

    fits(exchange(reference_url, "/"), described["content"]["application/json"]["schema"])


@pytest.mark.parametrize("operation", [name for name, one in OPERATIONS.items() if one.arguments])
def test_a_request_without_an_argument_is_refused_on_both_sides(
    reference_url: str, operation: str
) -> None:
    request = request_of(operation)
    request["arguments"].popitem()
    described = DOCUMENT["paths"][f"/operations/{operation}"]["post"]

    with pytest.raises(jsonschema.ValidationError):
        fits(request, described["requestBody"]["content"]["application/json"]["schema"])
    with pytest.raises(urllib.error.HTTPError, match="400"):
        exchange(reference_url, f"/operations/{operation}", request)


def test_another_version_is_refused(reference_url: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        exchange(reference_url, "/operations/power_off", {"contract": "2.0"})

    assert json.loads(refused.value.read()) == {"error": "contract: version 1.0 is expected"}


def test_every_option_that_a_scenario_provisions_is_in_the_guide() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "steps").glob("*.py")]
    named = {name for text in sources for name in re.findall(r'options\["(\w+)"\]', text)}
    guide = (ROOT / "docs" / "driver.md").read_text("utf-8")

    assert named
    assert [name for name in named if f"`{name}`" not in guide] == []
