"""Schemas and documents of a laboratory in a campaign: used, told, or refused before it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.documents.templates import own_templates
from tests.conftest import Ran, call_muster

UE = '[ue]\nvendor = "Example"\nmodel = "ER-1"\nsoftware = "4.2"\n'
SCENARIO = "bootstrap/initial_configuration.feature"
PROFILES = "user_profile/retrieval.feature:20"
NAMESPACE = "urn:3gpp:mcptt:user-profile:1.0"


def schema(body: str, namespace: str = NAMESPACE) -> str:
    return (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:g="urn:gone" '
        f'targetNamespace="{namespace}">{body}</xs:schema>'
    )


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def with_documents(tmp_path: Path, *names: str, change: tuple[str, str] = ("", "")) -> Path:
    """Write a ue.toml whose folder of documents holds our templates, changed."""
    for name in names:
        text = (own_templates() / Path(name).name).read_text("utf-8")
        write(tmp_path / "own" / name, text.replace(*change) if change[0] else text)
    return write(tmp_path / "ue.toml", f'{UE}[ixit]\ndocuments = "own"\n')


def refused(ran: Ran) -> list[str]:
    """The lines of a refusal, which leaves no results."""
    assert (ran.code, "Traceback" in ran.err, ran.out) == (64, False, "")
    assert not (ran.folder / "results").exists()
    return ran.err.splitlines()


def test_campaign_goes_by_the_schemas_of_a_laboratory(tmp_path: Path) -> None:
    write(tmp_path / "lab" / "rel13-a.xsd", schema('<xs:element name="mcptt-user-profile"/>'))

    ran = call_muster(tmp_path, "run", SCENARIO, "--schemas", "lab", "--release", "rel13")

    assert ran.code == 0
    assert f"schemas of {tmp_path}/lab:\n  in place of ours: rel13-a.xsd ({NAMESPACE})\n" in ran.out
    told = ran.results.campaign["laboratory"]["schemas"]
    assert (told["release"], [row["file"] for row in told["replaced"]]) == (
        "rel13",
        ["rel13-a.xsd"],
    )
    assert "urn:ietf:params:xml:ns:xcap-diff" in told["filled"]


def test_document_that_their_schema_refuses_is_an_error_of_the_suite(tmp_path: Path) -> None:
    body = '<xs:element name="mcptt-user-profile" type="xs:integer"/>'
    write(tmp_path / "lab" / "a.xsd", schema(body))

    ran = call_muster(tmp_path, "run", PROFILES, "--schemas", "lab")

    assert ran.code == 3
    assert "mcptt-user-profile" in ran.out


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<xs:import namespace="urn:gone"/><xs:element name="a" type="g:x"/>', "imports urn:gone"),
        ('<xs:element name="a" type="xs:nothing"/>', "is not a valid schema"),
    ],
)
def test_schema_that_cannot_be_used_is_one_message(tmp_path: Path, body: str, told: str) -> None:
    write(tmp_path / "lab" / "a.xsd", schema(body))

    (line,) = refused(call_muster(tmp_path, "run", "--schemas", "lab"))

    assert line.startswith(f"muster: {tmp_path}/lab/a.xsd (namespace {NAMESPACE}): {told}")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--schemas", "nowhere"), "nowhere: is not a folder"),
        (("--schemas", "empty"), "empty: holds no XML schema"),
        (("--schemas", "empty", "--release", "newest"), "a release is written like rel13"),
    ],
)
def test_wrong_folder_is_refused(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    (tmp_path / "empty").mkdir()

    (line,) = refused(call_muster(tmp_path, "run", *arguments))

    assert told in line


def test_release_without_schemas_chooses_nothing(tmp_path: Path) -> None:
    ran = call_muster(tmp_path, "run", "--release", "rel13")

    assert (ran.code, "--release chooses among" in ran.err) == (64, True)


def test_documents_of_a_laboratory_are_served(tmp_path: Path) -> None:
    change = ("<T100>5<", "<T100>9<")
    text = (own_templates() / "parts" / "initial-configuration.xml").read_text("utf-8")
    write(tmp_path / "own" / "parts" / "initial-configuration.xml", text.replace(*change))
    ue = write(tmp_path / "ue.toml", f'{UE}[ixit]\ndocuments = "own"\n')

    ran = call_muster(tmp_path, "run", SCENARIO, "--ue", str(ue))

    file = "parts/initial-configuration.xml"
    assert (ran.code, f"documents of {tmp_path}/own in place of ours: {file}\n" in ran.out) == (
        0,
        True,
    )
    bodies = [path.read_bytes() for path in (ran.results_folder / "bodies").rglob("*")]
    assert any(b"<T100>9<" in body for body in bodies)
    assert ran.results.campaign["laboratory"]["documents"]["files"][0]["file"] == file


def test_unfit_documents_are_all_told_before_anything_starts(tmp_path: Path) -> None:
    change = ("<Status>", "<Status>true</Status><Status>")
    names = ("primary/mcptt-user-profile.xml", "nonsense.xml")
    with_documents(tmp_path, names[0], change=change)
    write(tmp_path / "own" / "nonsense.xml", "<a/>")

    lines = refused(call_muster(tmp_path, "run", "--ue", "ue.toml"))

    assert [line.partition(": ")[2].partition(" (as")[0].partition(":")[0] for line in lines] == [
        names[0],
        names[0],
        names[1],
    ]
    assert "expected one <Status>, observed 2 (TS24484-8.3.2.1-03" in lines[0]


def test_folder_of_documents_that_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    write(tmp_path / "ue.toml", f'{UE}[ixit]\ndocuments = "own"\n')

    (line,) = refused(call_muster(tmp_path, "run", "--ue", "ue.toml"))

    assert line == f"muster: ue.toml: line 6: ixit.documents: {tmp_path}/own is no folder"
