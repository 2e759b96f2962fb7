import pytest

from muster.documents.differences import Complaint, known_difference
from muster.documents.schemas import SchemaSet
from muster.documents.validate import EngineDisagreement, Problem, Validation, validate
from tests.documents.conftest import WriteSchema

BODY = """
<xs:element name="a"><xs:complexType><xs:sequence>
  <xs:element name="time" type="xs:dateTime" minOccurs="0"/>
  <xs:element name="number" type="xs:double" minOccurs="0"/>
  <xs:element name="uri" type="xs:anyURI" minOccurs="0"/>
  <xs:element name="octets" type="xs:base64Binary" minOccurs="0"/>
  <xs:element name="small" type="xs:unsignedByte" minOccurs="0"/>
  <xs:element name="one" minOccurs="0"><xs:complexType><xs:sequence><xs:choice>
    <xs:element name="small" type="xs:unsignedByte"/>
    <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
  </xs:choice></xs:sequence></xs:complexType></xs:element>
  <xs:element name="open" minOccurs="0"><xs:complexType><xs:sequence>
    <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="many" minOccurs="0"><xs:complexType><xs:sequence>
    <xs:element name="small" type="xs:unsignedByte" minOccurs="0" maxOccurs="unbounded"/>
    <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>"""


@pytest.fixture
def schemas(write_schema: WriteSchema) -> SchemaSet:
    own = write_schema("own", "a.xsd", "urn:a", BODY)
    write_schema("own", "b.xsd", "urn:b", '<xs:element name="b" type="xs:integer"/>')
    return SchemaSet.from_directory(own)


def document(content: str) -> bytes:
    return f'<a xmlns="urn:a">\n{content}\n</a>'.encode()


def test_valid_document_is_valid_in_both(schemas: SchemaSet):
    file = str(schemas.files["urn:a"].path)

    assert validate(document("<small>255</small>"), schemas) == Validation(
        valid=True, root="{urn:a}a", namespace="urn:a", schema_file=file
    )


def test_problem_of_both_engines_has_line_path_and_reason(schemas: SchemaSet):
    assert validate(document("<small>256</small>"), schemas).problems == (
        Problem(2, "/a/small", "value must be 0 <= x < 256", "xmlschema", "ValidationError"),
        Problem(
            2,
            "/a/small",
            "Element '{urn:a}small': '256' is not a valid value of the atomic type "
            "'xs:unsignedByte'.",
            "lxml",
            "SCHEMAV_CVC_DATATYPE_VALID_1_2_1",
        ),
    )


@pytest.mark.parametrize(
    ("content", "valid", "difference"),
    [
        ("<time> 2026-01-01T00:00:00Z </time>", True, "spaces around a dateTime"),
        ("<number>1E</number>", False, "exponent without digits"),
        ("<uri>::</uri>", True, "form of a URI"),
        ("<uri>http://[::1</uri>", True, "form of a URI"),
        ("<octets>****</octets>", False, "characters outside base64"),
        (
            '<one><o xmlns="urn:o"/><small>1</small></one>',
            False,
            "branches of one choice after each other",
        ),
        ("<open>text</open>", False, "text beside a lone wildcard"),
        (
            '<many><o xmlns="urn:o"/><small>1</small></many>',
            False,
            "an element after the wildcard that follows it",
        ),
    ],
)
def test_known_difference_stands_with_the_engine_that_is_right(
    schemas: SchemaSet, content: str, valid: bool, difference: str
):
    validation = validate(document(content), schemas, strict=True)

    assert (validation.valid, validation.engines_agree, validation.disagreement) == (
        valid,
        False,
        None,
    )
    assert (validation.known_difference or "").startswith(f"{difference}: ")
    assert validation.valid == (not validation.problems)


def test_unlisted_difference_is_told_and_raised_when_strict(
    schemas: SchemaSet, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("muster.documents.differences.KNOWN_DIFFERENCES", ())
    data = document("<uri>:: unlisted</uri>")

    validation = validate(data, schemas)

    assert (validation.valid, validation.engines_agree) == (True, False)
    assert (validation.disagreement or "").startswith("only lxml objects, line 2 /a/uri: ")
    with pytest.raises(EngineDisagreement, match="only lxml objects"):
        validate(data, schemas, strict=True)


@pytest.mark.parametrize(("value", "valid"), [("1", True), ("x", False)])
def test_lax_wildcard_sees_every_namespace_in_both_engines(
    schemas: SchemaSet, value: str, valid: bool
):
    data = document(f'<open><b xmlns="urn:b">{value}</b></open>')

    assert validate(data, schemas, strict=True).valid == valid


def test_unknown_namespace_is_one_problem(schemas: SchemaSet):
    reason = "there is no schema for the namespace urn:x, so <a> cannot be judged"

    assert validate(b'<a xmlns="urn:x"/>', schemas) == Validation(
        False, (Problem(1, "/a", reason, "muster", "unknown_namespace"),), "{urn:x}a", "urn:x"
    )


def test_refused_bytes_are_a_problem_not_an_error(schemas: SchemaSet):
    reason = "a document type declaration is not accepted"

    assert validate(b"<!DOCTYPE a><a/>", schemas) == Validation(
        False, (Problem(1, "/", reason, "parser", "doctype"),)
    )


def test_type_that_does_not_exist_is_a_problem_not_a_crash(schemas: SchemaSet):
    xsi = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'

    assert not validate(document(f'<small {xsi} i:type="gone">1</small>'), schemas).valid


def test_equal_bytes_are_judged_once(schemas: SchemaSet):
    data = document("<small>7</small>")

    assert validate(data, schemas) is validate(bytes(bytearray(data)), schemas)


def test_another_schema_set_judges_anew(schemas: SchemaSet, write_schema: WriteSchema):
    laboratory = write_schema(
        "laboratory", "a.xsd", "urn:a", '<xs:element name="a" type="xs:string"/>'
    )
    data = document("<small>7</small>")

    before = validate(data, schemas).valid
    after = validate(
        data, SchemaSet.from_directory(schemas.files["urn:b"].path.parent, laboratory)
    ).valid

    assert (before, after) == (True, False)


EMPTY_EXPONENT = Complaint("", "[Ee]", "1E")
OTHER_ERROR = Complaint("", "[Ee]", "twelve")


@pytest.mark.parametrize(
    ("complaints", "name"),
    [
        ((EMPTY_EXPONENT,), "exponent without digits"),
        ((EMPTY_EXPONENT, EMPTY_EXPONENT), "exponent without digits"),
        ((EMPTY_EXPONENT, OTHER_ERROR), None),
        ((OTHER_ERROR, EMPTY_EXPONENT), None),
        ((), None),
    ],
)
def test_difference_is_known_where_every_complaint_is(
    complaints: tuple[Complaint, ...], name: str | None
):
    known = known_difference("xmlschema", complaints)

    assert (known.name if known else None) == name
    assert known_difference("lxml", complaints) is None
