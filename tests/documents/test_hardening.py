"""Nothing that a document or a schema says makes a parser reach out, expand or run away."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from muster.documents.schemas import SchemaSet, own_schemas
from muster.documents.validate import validate
from tests.documents.conftest import WriteSchema

ROOT = 'mcptt-user-profile xmlns="urn:3gpp:mcptt:user-profile:1.0"'
MEGABYTE = 1024 * 1024


class Listener:
    """Counts who calls."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.close()


def reason(data: bytes) -> str:
    """The word for what was refused before any schema saw it; the first problem's otherwise."""
    return validate(data, own_schemas()).problems[0].code


@pytest.mark.parametrize(
    "subset",
    [
        'SYSTEM "{}/x.dtd"',
        '[<!ENTITY e SYSTEM "{}/x">]',
        '[<!ENTITY % e SYSTEM "{}/x"> %e;]',
        'PUBLIC "-//x" "{}/x.dtd"',
    ],
)
def test_doctype_is_refused_and_nothing_is_fetched(listener: Listener, subset: str):
    document = f"<!DOCTYPE a {subset.format(listener.address)}><{ROOT}>&e;</mcptt-user-profile>"

    assert reason(document.encode()) == "doctype"
    assert listener.calls == 0


def test_place_that_a_document_names_for_its_schema_is_not_visited(listener: Listener):
    xsi = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
    places = (
        f'i:schemaLocation="urn:3gpp:mcptt:user-profile:1.0 {listener.address}/a.xsd '
        f'urn:x {listener.address}/x.xsd" i:noNamespaceSchemaLocation="{listener.address}/n.xsd"'
    )
    document = f'<{ROOT} {xsi} {places}><x xmlns="urn:x"/></mcptt-user-profile>'

    validate(document.encode(), own_schemas())

    assert listener.calls == 0


def test_inclusion_and_stylesheet_of_a_document_are_not_followed(listener: Listener):
    include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{listener.address}/x"/>'
    sheet = f'<?xml-stylesheet href="{listener.address}/s.xsl"?>'

    validate(f"{sheet}<{ROOT}>{include}</mcptt-user-profile>".encode(), own_schemas())

    assert listener.calls == 0


def test_place_that_a_schema_names_for_another_is_not_visited(
    listener: Listener, write_schema: WriteSchema
):
    body = (
        f'<xs:import namespace="urn:b" schemaLocation="{listener.address}/b.xsd"/>'
        '<xs:element name="a" type="xs:string"/>'
    )
    own = write_schema("own", "a.xsd", "urn:a", body)
    schema = own / "a.xsd"
    doctype = f'<!DOCTYPE xs:schema SYSTEM "{listener.address}/XMLSchema.dtd">'
    schema.write_text(doctype + schema.read_text("utf-8"), encoding="utf-8")

    assert validate(b'<a xmlns="urn:a"/>', SchemaSet.from_directory(own)).valid
    assert listener.calls == 0


def test_entities_that_grow_without_end_are_refused_at_once():
    names = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12)]
    document = f'<!DOCTYPE a [<!ENTITY e0 "x">{"".join(names)}]><a>&e11;</a>'

    started = time.monotonic()

    assert reason(document.encode()) == "doctype"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"<a>" + b" " * (MEGABYTE - 6) + b"</a>", "too_large"),
        (b"<a>" * 257 + b"</a>" * 257, "too_deep"),
        (b"<a>" * 100_000, "too_deep"),
        ("<a/>".encode("utf-16"), "not_utf8"),
        (b'<?xml version="1.0" encoding="latin-1"?><a>\xe9</a>', "not_utf8"),
        (b"<a>\xe9</a>", "not_utf8"),
        (b"<a>&undefined;</a>", "not_well_formed"),
        (b"<a>&#0;</a>", "not_well_formed"),
        (b"", "not_well_formed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_document_is_refused_before_any_schema(document: bytes, code: str):
    assert reason(document) == code


@pytest.mark.parametrize(
    "document",
    [b"<a>" + b" " * (MEGABYTE - 7) + b"</a>", b"<a>" * 256 + b"</a>" * 256],
    ids=["1 MiB", "256 levels"],
)
def test_document_at_the_limit_is_read(document: bytes):
    assert reason(document) == "unknown_namespace"


def test_schema_in_a_folder_reaches_no_file_outside(tmp_path: Path, write_schema: WriteSchema):
    (tmp_path / "outside.txt").write_text("secret", encoding="utf-8")
    entity = f'<!DOCTYPE xs:schema [<!ENTITY e SYSTEM "{(tmp_path / "outside.txt").as_uri()}">]>'
    told = "<xs:annotation><xs:documentation>&e;</xs:documentation></xs:annotation>"
    own = write_schema("own", "a.xsd", "urn:a", told + '<xs:element name="a" type="xs:string"/>')
    (own / "a.xsd").write_text(entity + (own / "a.xsd").read_text("utf-8"), encoding="utf-8")

    read = SchemaSet.from_directory(own).files["urn:a"].root

    assert (b"&e;" in etree.tostring(read), b"secret" in etree.tostring(read)) == (True, False)
