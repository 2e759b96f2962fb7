"""The schemas of TS 24.484 judge every example as its folder says, in both engines."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import cast

import pytest
import xmlschema
from lxml import etree

EXAMPLES = Path(__file__).parent
SCHEMAS = EXAMPLES.parent.parent / "fixtures" / "schemas"

ROOTS = {
    "mcptt-ue-init-config": (
        "urn:3gpp:mcptt:mcpttUEinitConfig:1.0",
        "mcptt-UE-initial-configuration",
    ),
    "mcptt-ue-config": ("urn:3gpp:mcptt:mcpttUEConfig:1.0", "mcptt-UE-configuration"),
    "mcptt-user-profile": ("urn:3gpp:mcptt:user-profile:1.0", "mcptt-user-profile"),
    "mcptt-service-config": ("urn:3gpp:ns:mcpttServiceConfig:1.0", "service-configuration-info"),
    "mcvideo-ue-config": ("urn:3gpp:mcvideo:mcvideoUEConfig:1.0", "mcvideo-UE-configuration"),
    "mcvideo-user-profile": ("urn:3gpp:ns:mcvideo:user-profile:1.0", "mcvideo-user-profile"),
    "mcvideo-service-config": (
        "urn:3gpp:ns:mcvideoServiceConfig:1.0",
        "service-configuration-info",
    ),
    "mcdata-ue-config": ("urn:3gpp:mcdata:mcdataUEConfig:1.0", "mcdata-UE-configuration"),
    "mcdata-user-profile": ("urn:3gpp:ns:mcdata:user-profile:1.0", "mcdata-user-profile"),
    "mcdata-service-config": ("urn:3gpp:ns:mcdataServiceConfig:1.0", "service-configuration-info"),
}
XSD_ELEMENT = "{http://www.w3.org/2001/XMLSchema}element"

Engine = Callable[[Path, Path], list[str]]


def parse(path: Path) -> etree._ElementTree:
    return etree.parse(path, etree.XMLParser(no_network=True, resolve_entities=False))


@cache
def lxml_schema(schema: Path) -> etree.XMLSchema:
    return etree.XMLSchema(parse(schema))


@cache
def xmlschema_schema(schema: Path) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(str(schema), allow="local")


def problems_by_lxml(schema: Path, document: Path) -> list[str]:
    validator = lxml_schema(schema)
    validator.validate(parse(document))
    errors = cast("Iterable[etree._LogEntry]", validator.error_log)
    return [f"{error.path} {error.message}" for error in errors]


def problems_by_xmlschema(schema: Path, document: Path) -> list[str]:
    errors = xmlschema_schema(schema).iter_errors(parse(document))
    return [f"{error.path} {error.reason}" for error in errors]


ENGINES: list[Engine] = [problems_by_lxml, problems_by_xmlschema]


def examples(verdict: str) -> list[Path]:
    return [path for name in ROOTS for path in sorted((EXAMPLES / verdict / name).glob("*.xml"))]


def label(value: object) -> str:
    if isinstance(value, Path):
        return f"{value.parent.name}/{value.stem}"
    return getattr(value, "__name__", str(value)).removeprefix("problems_by_")


def schema_of(example: Path) -> Path:
    return SCHEMAS / f"{example.parent.name}.xsd"


def expected_words(example: Path) -> str:
    second_line = example.read_text(encoding="utf-8").splitlines()[1]
    comment = re.fullmatch(r"<!-- expect: (.+) -->", second_line)
    assert comment, f"{label(example)} does not say what is to be reported"
    return comment[1]


def names(words: str, problem: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", problem) is not None


@pytest.mark.parametrize("engine", ENGINES, ids=label)
@pytest.mark.parametrize("example", examples("valid"), ids=label)
def test_valid_document_is_accepted(example: Path, engine: Engine) -> None:
    assert engine(schema_of(example), example) == []


@pytest.mark.parametrize("engine", ENGINES, ids=label)
@pytest.mark.parametrize("example", examples("rule-breaking"), ids=label)
def test_rules_beyond_the_schema_are_left_to_others(example: Path, engine: Engine) -> None:
    assert expected_words(example)

    assert engine(schema_of(example), example) == []


@pytest.mark.parametrize("engine", ENGINES, ids=label)
@pytest.mark.parametrize("example", examples("invalid"), ids=label)
def test_invalid_document_is_refused_for_the_expected_reason(example: Path, engine: Engine) -> None:
    words = expected_words(example)

    problems = engine(schema_of(example), example)

    assert any(names(words, problem) for problem in problems), problems


@pytest.mark.parametrize("name", ROOTS)
def test_examples_are_enough(name: str) -> None:
    counts = [len(list((EXAMPLES / kind / name).glob("*.xml"))) for kind in ("valid", "invalid")]

    assert counts[0] >= 3
    assert counts[1] >= 8


@pytest.mark.parametrize("name", ROOTS)
def test_schema_is_of_the_namespace_and_root_it_is_named_for(name: str) -> None:
    namespace, root = ROOTS[name]
    schema = parse(SCHEMAS / f"{name}.xsd").getroot()

    assert schema.get("targetNamespace") == namespace
    assert root in {element.get("name") for element in schema.iterfind(XSD_ELEMENT)}
