"""The contract of an http driver as an OpenAPI document, made from the table of operations.

`python -m muster.ue.openapi > docs/driver-openapi.json` writes what the documentation shows.
"""

from __future__ import annotations

import json
from typing import Any

from muster.ue.contract import CONTRACT, OPERATIONS, Argument, Operation
from muster.ue.driver import AnswerKind

JSON = "application/json"


def document() -> dict[str, Any]:
    """Return the OpenAPI description of the contract."""
    paths: dict[str, Any] = {"/": {"get": _describe()}}
    for operation in OPERATIONS.values():
        paths[f"/operations/{operation.name}"] = {"post": _operation(operation)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Driver of a UE under test by Muster",
            "version": CONTRACT,
            "description": "What a vendor's control server answers. docs/driver.md explains it.",
        },
        "paths": paths,
        "components": {
            "schemas": {
                "Description": _description_schema(),
                "Answer": _answer_schema(),
                "StateAnswer": _state_schema(),
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _describe() -> dict[str, Any]:
    return {
        "operationId": "describe",
        "summary": "Say who the driver is and what it can do.",
        "responses": {"200": _content("Description", "The driver is there.")},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    answer = "StateAnswer" if operation.name == "report_state" else "Answer"
    return {
        "operationId": operation.name,
        "summary": f"{operation.what}.",
        "parameters": [
            {
                "name": "Muster-Contract",
                "in": "header",
                "description": "The version of the contract that Muster speaks.",
                "schema": {"type": "string"},
            }
        ],
        "requestBody": {"required": True, "content": {JSON: {"schema": _request(operation)}}},
        "responses": {"200": _content(answer, "What became of it; any other status is a failure.")},
    }


def _request(operation: Operation) -> dict[str, Any]:
    names = [one.name for one in operation.arguments]
    return {
        "type": "object",
        "required": ["contract", "operation", "limit_seconds", "arguments"],
        "properties": {
            "contract": {"type": "string", "pattern": r"^[0-9]+\.[0-9]+$"},
            "operation": {"const": operation.name},
            "limit_seconds": {"type": "number", "minimum": 0},
            "arguments": {
                "type": "object",
                "required": names,
                "properties": {one.name: _argument(one) for one in operation.arguments},
            },
        },
    }


def _argument(one: Argument) -> dict[str, Any]:
    texts = {"additionalProperties": {"type": "string"}} if one.kind == "object" else {}
    return {"type": one.kind, **texts, "description": one.meaning}


def _content(schema: str, description: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": description, "content": {JSON: {"schema": reference}}}


def _description_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["contract"],
        "properties": {
            "contract": {"type": "string", "description": "The same major version as Muster's."},
            "name": {"type": "string", "description": "What you call the driver or its UE."},
            "operations": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Those that the driver can do; left out: all.",
            },
            "proves_quiet": {
                "type": "boolean",
                "description": "Whether `quiet` tells that the UE has nothing under way.",
            },
        },
    }


def _answer_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["answer"],
        "properties": {
            "answer": {"enum": [kind.value for kind in AnswerKind]},
            "reason": {"type": "string", "description": "For people: why it was not done."},
        },
    }


def _state_schema() -> dict[str, Any]:
    base = _answer_schema()
    state = {"type": "object", "description": "Whatever helps people; never used in a verdict."}
    return {**base, "properties": {**base["properties"], "state": state}}


if __name__ == "__main__":
    print(json.dumps(document(), indent=2))
