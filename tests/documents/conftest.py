"""Small schemas that tests write themselves; no test sees what an earlier one had judged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muster.documents import judging, templates, validate

SCHEMA = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{namespace}" '
    'targetNamespace="{namespace}" elementFormDefault="qualified" {declarations}>{body}</xs:schema>'
)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    validate._seen.clear()
    judging.requirements.cache_clear()
    templates._environment.cache_clear()


WriteSchema = Callable[..., Path]


@pytest.fixture
def write_schema(tmp_path: Path) -> WriteSchema:
    """Write a schema: folder, file name, namespace, body; prefixes by keyword."""

    def write(folder: str, name: str, namespace: str, body: str, **prefixes: str) -> Path:
        declarations = " ".join(f'xmlns:{key}="{value}"' for key, value in prefixes.items())
        target = tmp_path / folder
        target.mkdir(exist_ok=True)
        text = SCHEMA.format(namespace=namespace, declarations=declarations, body=body)
        (target / name).write_text(text, encoding="utf-8")
        return target

    return write
