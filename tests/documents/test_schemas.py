from pathlib import Path

import pytest

from muster.documents.schema_files import SchemaProblem
from muster.documents.schemas import SchemaSet, own_schemas
from muster.documents.validate import validate
from tests.documents.conftest import WriteSchema

XML = "http://www.w3.org/XML/1998/namespace"
INTEGER = '<xs:element name="a" type="xs:integer"/>'
WORD = '<xs:element name="a" type="xs:NCName"/>'


def test_own_schemas_all_compile():
    assert own_schemas().broken == {}


def test_laboratory_replaces_by_namespace_and_ours_fill_the_rest(write_schema: WriteSchema):
    own = write_schema("own", "a.xsd", "urn:a", INTEGER)
    write_schema("own", "b.xsd", "urn:b", INTEGER)
    laboratory = write_schema("laboratory", "theirs.xsd", "urn:a", WORD)

    schemas = SchemaSet.from_directory(own, laboratory)

    assert (schemas.replaced, schemas.own, schemas.filled) == (("urn:a",), ("urn:b",), ("urn:b",))
    assert validate(b'<a xmlns="urn:a">word</a>', schemas).valid
    assert not validate(b'<a xmlns="urn:a">word</a>', SchemaSet.from_directory(own)).valid


def test_text_file_with_a_schema_counts_in_a_laboratory_folder(write_schema: WriteSchema):
    own = write_schema("own", "a.xsd", "urn:a", INTEGER)
    laboratory = write_schema("laboratory", "a-schema.txt", "urn:a", WORD)
    (laboratory / "notes.txt").write_text("notes on http://www.w3.org/2001/", encoding="utf-8")

    assert SchemaSet.from_directory(own, laboratory).replaced == ("urn:a",)


@pytest.mark.parametrize(
    ("release", "chosen"),
    [
        (None, "a.xsd"),
        ("rel13", "rel13-a.xsd"),
        ("15", "Rel15_a.xsd"),
    ],
)
def test_release_chooses_among_schemas_of_one_namespace(
    write_schema: WriteSchema, release: str | None, chosen: str
):
    own = write_schema("own", "b.xsd", "urn:b", INTEGER)
    laboratory = own
    for name in ("rel13-a.xsd", "a.xsd", "Rel15_a.xsd"):
        laboratory = write_schema("laboratory", name, "urn:a", INTEGER)

    schemas = SchemaSet.from_directory(own, laboratory, release)

    assert schemas.files["urn:a"].path.name == chosen
    assert len(schemas.passed_over) == 2


def test_namespace_without_that_release_has_its_newest(write_schema: WriteSchema):
    own = write_schema("own", "b.xsd", "urn:b", INTEGER)
    write_schema("laboratory", "rel13-a.xsd", "urn:a", INTEGER)
    for name in ("rel14-b.xsd", "b.xsd"):
        laboratory = write_schema("laboratory", name, "urn:b", INTEGER)

    schemas = SchemaSet.from_directory(own, laboratory, "rel13")

    assert schemas.files["urn:b"].path.name == "b.xsd"


def test_release_of_no_file_is_refused_with_those_there_are(write_schema: WriteSchema):
    own = write_schema("own", "b.xsd", "urn:b", INTEGER)
    for name in ("rel13-a.xsd", "rel15-a.xsd"):
        laboratory = write_schema("laboratory", name, "urn:a", INTEGER)

    with pytest.raises(SchemaProblem) as problem:
        SchemaSet.from_directory(own, laboratory, "14")

    assert str(problem.value) == (
        f"{laboratory}: holds no schema of release 14; "
        "name one that it has (rel13, rel15), or leave --release out"
    )


def test_unreadable_release_is_refused(write_schema: WriteSchema):
    own = write_schema("own", "a.xsd", "urn:a", INTEGER)

    with pytest.raises(ValueError, match="rel13"):
        SchemaSet.from_directory(own, release="newest")


@pytest.mark.parametrize("location", ["", 'schemaLocation="http://127.0.0.1:9/nowhere.xsd"'])
def test_import_is_resolved_by_namespace_alone(write_schema: WriteSchema, location: str):
    body = f'<xs:import namespace="urn:b" {location}/><xs:element name="a" type="b:word"/>'
    own = write_schema("own", "a.xsd", "urn:a", body, b="urn:b")
    word = '<xs:simpleType name="word"><xs:restriction base="xs:NCName"/></xs:simpleType>'
    write_schema("own", "b.xsd", "urn:b", word)

    schemas = SchemaSet.from_directory(own)

    assert validate(b'<a xmlns="urn:a">word</a>', schemas, strict=True).valid
    assert not validate(b'<a xmlns="urn:a">2 words</a>', schemas, strict=True).valid


def test_second_import_of_a_namespace_is_harmless(write_schema: WriteSchema):
    body = (
        '<xs:import namespace="urn:b" schemaLocation="one.xsd"/>'
        '<xs:import namespace="urn:b" schemaLocation="two.xsd"/>'
        '<xs:element name="a" type="b:word"/>'
    )
    own = write_schema("own", "a.xsd", "urn:a", body, b="urn:b")
    word = '<xs:simpleType name="word"><xs:restriction base="xs:NCName"/></xs:simpleType>'
    write_schema("own", "b.xsd", "urn:b", word)

    assert SchemaSet.from_directory(own).broken == {}


def test_xml_namespace_is_imported_like_any_other(write_schema: WriteSchema):
    body = (
        f'<xs:import namespace="{XML}"/><xs:element name="a"><xs:complexType>'
        '<xs:attribute ref="xml:lang"/></xs:complexType></xs:element>'
    )
    own = write_schema("own", "a.xsd", "urn:a", body)
    (own / "xml.xsd").write_text(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{XML}">'
        '<xs:attribute name="lang" type="xs:language"/></xs:schema>',
        encoding="utf-8",
    )

    schemas = SchemaSet.from_directory(own)

    assert validate(b'<a xmlns="urn:a" xml:lang="fr"/>', schemas, strict=True).valid
    assert not validate(b'<a xmlns="urn:a" xml:lang="no such"/>', schemas, strict=True).valid


def test_missing_import_is_one_clear_problem_where_it_is_needed(write_schema: WriteSchema):
    body = '<xs:import namespace="urn:gone"/><xs:element name="a" type="g:word"/>'
    own = write_schema("own", "a.xsd", "urn:a", body, g="urn:gone")
    write_schema("own", "b.xsd", "urn:b", INTEGER)
    schemas = SchemaSet.from_directory(own)

    with pytest.raises(SchemaProblem) as problem:
        validate(b'<a xmlns="urn:a"/>', schemas)

    assert str(problem.value) == (
        f"{own / 'a.xsd'} (namespace urn:a): imports urn:gone, for which there is no schema; "
        "put a schema of that namespace into the folder"
    )
    assert validate(b'<a xmlns="urn:b">1</a>', schemas).valid


def test_broken_schema_behind_a_wildcard_is_not_passed_over(write_schema: WriteSchema):
    own = write_schema("own", "a.xsd", "urn:a", '<xs:element name="a" type="t:no-such-type"/>')
    anything = '<xs:element name="b" type="xs:anyType"/>'
    write_schema("own", "b.xsd", "urn:b", anything)
    schemas = SchemaSet.from_directory(own)

    assert validate(b'<b xmlns="urn:b"/>', schemas).valid
    with pytest.raises(SchemaProblem, match="namespace urn:a"):
        validate(b'<b xmlns="urn:b"><a xmlns="urn:a"/></b>', schemas)


def test_import_that_nothing_refers_to_may_be_missing(write_schema: WriteSchema):
    own = write_schema("own", "a.xsd", "urn:a", f'<xs:import namespace="urn:gone"/>{INTEGER}')

    assert SchemaSet.from_directory(own).broken == {}


def test_broken_schema_is_one_clear_problem_and_others_stay_usable(write_schema: WriteSchema):
    own = write_schema("own", "a.xsd", "urn:a", '<xs:element name="a" type="t:no-such-type"/>')
    write_schema("own", "b.xsd", "urn:b", INTEGER)
    schemas = SchemaSet.from_directory(own)

    with pytest.raises(SchemaProblem, match=r"a\.xsd \(namespace urn:a\): is not a valid schema"):
        validate(b'<a xmlns="urn:a"/>', schemas)
    assert validate(b'<a xmlns="urn:b">1</a>', schemas).valid


def test_ambiguous_schema_is_refused_by_both_engines(write_schema: WriteSchema):
    body = (
        '<xs:element name="a"><xs:complexType><xs:sequence>'
        '<xs:element name="b" type="xs:string" minOccurs="0"/>'
        '<xs:element name="b" type="xs:string"/></xs:sequence></xs:complexType></xs:element>'
    )
    own = write_schema("own", "a.xsd", "urn:a", body)

    assert list(SchemaSet.from_directory(own).broken) == ["urn:a"]


def test_file_that_is_not_xml_is_named(tmp_path: Path):
    (tmp_path / "a.xsd").write_text("<xs:schema", encoding="utf-8")

    with pytest.raises(SchemaProblem, match=r"a\.xsd: is not well-formed XML"):
        SchemaSet.from_directory(tmp_path)


def test_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(SchemaProblem, match="nowhere: is not a folder"):
        SchemaSet.from_directory(tmp_path / "nowhere")


def test_laboratory_folder_without_schemas_is_named(write_schema: WriteSchema, tmp_path: Path):
    own = write_schema("own", "a.xsd", "urn:a", INTEGER)
    (tmp_path / "empty").mkdir()

    with pytest.raises(SchemaProblem, match="empty: holds no XML schema"):
        SchemaSet.from_directory(own, tmp_path / "empty")


def test_included_file_belongs_to_the_schema_that_includes_it(write_schema: WriteSchema):
    body = '<xs:include schemaLocation="part.xsd"/><xs:element name="a" type="t:word"/>'
    own = write_schema("own", "whole.xsd", "urn:a", body)
    word = '<xs:simpleType name="word"><xs:restriction base="xs:NCName"/></xs:simpleType>'
    write_schema("own", "part.xsd", "urn:a", word)

    schemas = SchemaSet.from_directory(own)

    assert schemas.files["urn:a"].path.name == "whole.xsd"
    assert validate(b'<a xmlns="urn:a">word</a>', schemas, strict=True).valid
