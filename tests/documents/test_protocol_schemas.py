"""The schemas of groups, keys, SIP and XCAP bodies judge every example as its folder says.

An invalid example begins with the words, in any order, that one problem or its path must hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import cast

import pytest
import xmlschema
from lxml import etree

HERE = Path(__file__).parent
SCHEMAS = HERE.parents[1] / "fixtures" / "schemas"

SCHEMA_OF = {
    "common-policy": "common-policy.xsd",
    "gktp": "mcptt-gktp.xsd",
    "group": "oma-list-service.xsd",
    "kms-certificate": "kms-interface.xsd",
    "kms-key-set": "kms-interface.xsd",
    "kms-redirect": "kms-redirect.xsd",
    "kms-request": "kms-interface.xsd",
    "kms-response": "kms-interface.xsd",
    "mcdata-info": "mcdata-info.xsd",
    "mcptt-info": "mcptt-info.xsd",
    "mcvideo-info": "mcvideo-info.xsd",
    "poc-settings": "poc-settings.xsd",
    "resource-lists": "resource-lists.xsd",
    "signed-doc": "mcptt-signed-doc.xsd",
    "signed-kms-certificate": "kms-interface.xsd",
    "signed-kms-request": "kms-interface.xsd",
    "signed-kms-response": "kms-interface.xsd",
    "xcap-caps": "xcap-caps.xsd",
    "xcap-diff": "xcap-diff.xsd",
    "xcap-error": "xcap-error.xsd",
}
OUR_SCHEMAS = sorted(path.name for path in SCHEMAS.glob("*.xsd"))


def examples(verdict: str) -> list[Path]:
    return sorted(path for kind in SCHEMA_OF for path in (HERE / verdict / kind).glob("*.xml"))


def name_of(path: object) -> str:
    return f"{path.parent.name}/{path.stem}" if isinstance(path, Path) else str(path)


@cache
def schema_of_lxml(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(path))


@cache
def schema_of_xmlschema(path: Path) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(str(path), allow="local")


def header(schema: Path) -> dict[str, str]:
    """The structured comment before the root element."""
    comment = etree.parse(schema).getroot().getprevious()
    lines = (comment.text or "").strip().splitlines() if comment is not None else []
    return dict(line.split(": ", 1) for line in lines)


def expected_words(document: Path) -> list[str]:
    second_line = document.read_text(encoding="utf-8").splitlines()[1]
    found = re.fullmatch(r"<!-- expect: (.+) -->", second_line)
    assert found is not None, f"{document} does not say what to expect"
    return found.group(1).split()


def reported_by_lxml(schema: etree.XMLSchema, tree: etree._ElementTree) -> list[str]:
    schema.validate(tree)
    errors = cast("Iterable[etree._LogEntry]", schema.error_log)
    return [f"{error.message} {error.path}" for error in errors]


def reported_by_xmlschema(schema: xmlschema.XMLSchema10, tree: etree._ElementTree) -> list[str]:
    try:
        return [f"{error.reason} {error.path}" for error in schema.iter_errors(tree)]
    except xmlschema.XMLSchemaException as error:
        # An xsi:type that names no type ends the validation in place of being reported.
        return [str(error)]


def by_lxml(document: Path) -> list[str]:
    schema = schema_of_lxml(SCHEMAS / SCHEMA_OF[document.parent.name])
    return reported_by_lxml(schema, etree.parse(document))


def by_xmlschema(document: Path) -> list[str]:
    schema = schema_of_xmlschema(SCHEMAS / SCHEMA_OF[document.parent.name])
    return reported_by_xmlschema(schema, etree.parse(document))


Engine = Callable[[Path], list[str]]
ENGINES = pytest.mark.parametrize("reported_by", [by_lxml, by_xmlschema])


@pytest.mark.parametrize("name", OUR_SCHEMAS)
def test_schema_loads_alone_in_both_engines(name: str) -> None:
    ours = schema_of_xmlschema(SCHEMAS / name)

    assert schema_of_lxml(SCHEMAS / name) is not None
    assert ours.target_namespace == etree.parse(SCHEMAS / name).getroot().get("targetNamespace")


@pytest.mark.parametrize("kind", sorted(SCHEMA_OF))
def test_document_type_has_enough_examples(kind: str) -> None:
    counts = [len(list((HERE / verdict / kind).glob("*.xml"))) for verdict in ("valid", "invalid")]

    assert counts[0] >= 3, counts
    assert counts[1] >= 8, counts


@pytest.mark.parametrize("document", examples("valid"), ids=name_of)
def test_valid_document_has_a_root_its_schema_names(document: Path) -> None:
    schema = header(SCHEMAS / SCHEMA_OF[document.parent.name])

    assert etree.QName(etree.parse(document).getroot()).localname in schema["root"].split()


@ENGINES
@pytest.mark.parametrize("document", examples("valid"), ids=name_of)
def test_valid_document_is_accepted(document: Path, reported_by: Engine) -> None:
    assert reported_by(document) == []


@ENGINES
@pytest.mark.parametrize("document", examples("invalid"), ids=name_of)
def test_invalid_document_is_refused_for_its_reason(document: Path, reported_by: Engine) -> None:
    problems = reported_by(document)

    words = expected_words(document)
    assert any(all(word in problem for word in words) for problem in problems), problems


@ENGINES
@pytest.mark.parametrize("document", examples("rule-breaking"), ids=name_of)
def test_rule_breaking_document_is_no_matter_for_the_schema(
    document: Path, reported_by: Engine
) -> None:
    assert expected_words(document) != []
    assert reported_by(document) == []


def key_set(signing_key: str) -> etree._ElementTree:
    """The plain key set with another signing key."""
    text = (HERE / "valid" / "kms-key-set" / "plain.xml").read_text(encoding="utf-8")
    pattern = "<UserSigningKeySSK .*</UserSigningKeySSK>"
    return etree.ElementTree(etree.fromstring(re.sub(pattern, signing_key, text).encode()))


def test_foreign_characters_in_base64_are_overlooked_by_lxml_alone() -> None:
    wrapped = (HERE / "valid" / "kms-key-set" / "wrapped.xml").read_text(encoding="utf-8")
    tree = etree.ElementTree(etree.fromstring(wrapped.replace("mg==", "mg*==").encode()))
    path = SCHEMAS / "kms-interface.xsd"

    assert reported_by_lxml(schema_of_lxml(path), tree) == []
    assert len(reported_by_xmlschema(schema_of_xmlschema(path), tree)) == 1


@pytest.mark.parametrize(
    ("signing_key", "accepted"),
    [
        ("<UserSigningKeySSK>00FF</UserSigningKeySSK>", True),
        ('<UserSigningKeySSK xsi:type="KeyContentType">00FF</UserSigningKeySSK>', True),
        ('<UserSigningKeySSK xsi:type="KeyContentType">0</UserSigningKeySSK>', False),
        ('<UserSigningKeySSK xsi:type="EncKeyContentType">00FF</UserSigningKeySSK>', False),
        ("<UserSigningKeySSK><more/></UserSigningKeySSK>", False),
    ],
)
def test_key_may_come_with_or_without_its_type(signing_key: str, accepted: bool) -> None:
    tree = key_set(signing_key)
    path = SCHEMAS / "kms-interface.xsd"

    by_engine = (
        reported_by_lxml(schema_of_lxml(path), tree),
        reported_by_xmlschema(schema_of_xmlschema(path), tree),
    )

    assert [problems == [] for problems in by_engine] == [accepted, accepted]
