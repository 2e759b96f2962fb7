import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from muster.documents.command import validate_command
from muster.documents.schemas import own_schemas
from tests.documents.conftest import WriteSchema

EXAMPLES = Path(__file__).parent
VALID = EXAMPLES / "valid" / "mcptt-user-profile" / "full.xml"
TWO_COMMONS = EXAMPLES / "rule-breaking" / "mcptt-user-profile" / "two-commons.xml"
NO_INDEX = EXAMPLES / "invalid" / "mcptt-user-profile" / "missing-user-profile-index.xml"


def run(*arguments: object, given: bytes = b"") -> Result:
    return CliRunner().invoke(validate_command, [str(each) for each in arguments], input=given)


def test_valid_document_ends_with_0_and_says_its_rules():
    result = run(VALID)

    assert (result.exit_code, "full.xml: valid" in result.output) == (0, True)
    assert "mcptt-user-profile, TS 24.484 8.3, names corroborated" in result.output
    assert result.output.splitlines()[-2:] == [
        "  rules applied: 19: RFC4745-7.3-01, TS23280-10.1.1.2-DOC01 to 03, TS24484-7.2.2.6-01, "
        "TS24484-8.3.2.1-01 to 12, TS24484-8.3.2.7-01 to 02",
        "  not applied, for they judge the name that a document is served under: "
        "TS24484-8.3.2.8-01",
    ]


def test_document_name_in_a_file_name_is_judged(tmp_path: Path):
    file = tmp_path / "mcptt-user-profile-7.xml"
    file.write_bytes(VALID.read_bytes())

    told = "expected the document name mcptt-user-profile-1.xml, observed mcptt-user-profile-7.xml"
    assert told in run(file).output


def test_invalid_document_ends_with_1_and_tells_both_engines():
    result = run(NO_INDEX)

    assert result.exit_code == 1
    assert result.output.startswith(
        f"{NO_INDEX}: 2 problems\n"
        "  mcptt-user-profile, TS 24.484 8.3, names corroborated, schema mcptt-user-profile.xsd\n"
        "  line 5 /mcptt-user-profile\n"
        "    xmlschema: missing required attribute 'user-profile-index' (ValidationError)\n"
        "    lxml: The attribute 'user-profile-index' is required but missing. "
        "(SCHEMAV_CVC_COMPLEX_TYPE_4)\n"
        "    by the schema of TS 24.484 8.3\n"
    )


def test_broken_rule_is_cited_with_clause_level_and_basis():
    result = run(TWO_COMMONS)

    assert result.exit_code == 1
    assert (
        "  line 5 /mcptt-user-profile\n"
        "    expected one <Common>, observed 2\n"
        "    TS24484-8.3.2.1-06, TS 24.484 8.3.2.1, shall, corroborated: "
        "MCPTT: The user profile has exactly one Common, and Common has an index.\n"
    ) in result.output


def test_rule_that_is_not_well_known_only_warns():
    data = VALID.read_text("utf-8").replace("<PrivateEmergencyAlert>", "<x:Gone xmlns:x='urn:x'>")
    data = data.replace("</PrivateEmergencyAlert>", "</x:Gone>")

    result = run("-", given=data.encode())

    assert result.exit_code == 0
    assert result.output.startswith("standard input: valid, 1 warning\n")
    assert "    warning: expected one <PrivateEmergencyAlert>, observed 0\n" in result.output
    assert "TS24484-8.3.2.1-12, TS 24.484 8.3.2.1, shall, reported" in result.output


def test_standard_input_is_read():
    assert run("-", given=VALID.read_bytes()).output.startswith("standard input: valid")


def test_folder_is_searched():
    result = run(EXAMPLES / "invalid" / "mcptt-ue-config", VALID)

    assert result.exit_code == 1
    assert result.output.endswith("19 documents: 1 valid, 18 with problems\n")


def test_invalid_example_is_reported_with_its_problem(reported: dict[str, dict[str, str]]):
    """The words of an example stand, as whole words, in one of the problems told of it."""
    silent = [
        name
        for name, told in reported["invalid"].items()
        for words in [expected_of(EXAMPLES / "invalid" / name)]
        if not any(all(says(each, word) for word in words) for each in problems_in(told))
    ]

    assert silent == []


def test_rule_breaking_example_is_reported_with_its_rules(reported: dict[str, dict[str, str]]):
    told = {
        name: {word for each in problems_in(output) for word in re.split(r"[\s,:]+", each)}
        for name, output in reported["rule-breaking"].items()
    }
    silent = [n for n in told if set(expected_of(EXAMPLES / "rule-breaking" / n)) - told[n]]

    assert len(told) > 120
    assert silent == []


def test_every_invalid_example_has_problems(reported: dict[str, dict[str, str]]):
    verdicts = {name: told.splitlines()[0] for name, told in reported["invalid"].items()}

    assert len(verdicts) > 400
    assert [
        name for name, line in verdicts.items() if not re.search(r": \d+ problems?", line)
    ] == []


def test_every_valid_example_is_valid(reported: dict[str, dict[str, str]]):
    verdicts = {name: told.splitlines()[0] for name, told in reported["valid"].items()}

    assert len(verdicts) > 100
    assert [name for name, line in verdicts.items() if not re.search(r": valid\b", line)] == []


@pytest.fixture(scope="module")
def reported() -> dict[str, dict[str, str]]:
    """What one call over each folder of examples tells of each."""
    found = {}
    for kind in ("valid", "invalid", "rule-breaking"):
        output = run(EXAMPLES / kind).output
        parts = re.split(rf"^{re.escape(str(EXAMPLES / kind))}/", output, flags=re.M)
        found[kind] = {part.partition(": ")[0]: part for part in parts[1:]}
    return found


def problems_in(told: str) -> list[str]:
    """The problems of a document, each with its place."""
    return re.split(r"^  line ", told.partition("  rules applied")[0], flags=re.M)[1:]


def says(problem: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", problem) is not None


def expected_of(example: Path) -> list[str]:
    second_line = example.read_text("utf-8").splitlines()[1]
    return second_line.removeprefix("<!-- expect: ").removesuffix(" -->").split()


def test_unknown_root_is_one_clear_message():
    result = run("-", given=b'<a xmlns="urn:x"/>')

    assert result.exit_code == 1
    assert result.output == (
        "standard input: 1 problem\n"
        "  line 1 /a\n"
        "    muster: there is no schema for the namespace urn:x, so <a> cannot be judged "
        "(unknown_namespace)\n"
        "  docs/documents.md lists the known documents; --schemas DIR adds schemas of your own\n"
    )


@pytest.mark.parametrize(
    ("root", "nearby"),
    [
        (
            '<KmsRedirectResponce xmlns="urn:3gpp:ns:mcsecKMSKRR:1.0"/>',
            ["kms-redirect", "kms-response"],
        ),
        ("<mcptt-user-profile/>", ["mcptt-user-profile"]),
        ('<MCPTT-user-profile xmlns="urn:x"/>', ["mcptt-user-profile"]),
        (
            '<service-configuration-info xmlns="urn:3gpp:ns:mcvideoServiceConfig:2.0"/>',
            ["mcvideo-service-config", "mcdata-service-config", "mcptt-service-config"],
        ),
        ('<caps xmlns="urn:ietf:params:xml:ns:xcap-caps"/>', ["xcap-caps"]),
        ('<a xmlns="urn:x"/>', []),
        ("<mcptt-user-profile", []),
        ('<common xmlns="urn:3gpp:mcptt:user-profile:1.0"/>', ["mcptt-user-profile"]),
    ],
)
def test_unknown_root_is_told_with_the_known_roots_nearby(root: str, nearby: list[str]):
    result = run("-", given=root.encode())

    assert result.exit_code == 1
    assert re.findall(r"known nearby: <.+> in .+ \((.+)\)", result.output) == nearby


def test_known_root_nearby_is_told_with_its_namespace():
    told = "  known nearby: <mcpttinfo> in urn:3gpp:ns:mcpttInfo:1.0 (mcptt-info)\n"

    assert told in run("-", given=b"<mcpttinfo/>").output


def test_known_root_has_no_others_nearby():
    assert "known nearby" not in run(NO_INDEX).output


def test_refused_document_is_told_with_its_reason():
    result = run("-", given=b"<!DOCTYPE a><a/>")

    assert result.exit_code == 1
    told = "    parser: a document type declaration is not accepted (doctype)\n"
    assert result.output.endswith(told)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--no-such-option", VALID),
        ("nowhere.xml",),
        (VALID, "--schemas", "nowhere"),
        (VALID, "--schemas", EXAMPLES.parents[1] / "fixtures", "--release", "newest"),
        (VALID, "--release", "rel13"),
    ],
)
def test_bad_usage_ends_with_64(arguments: tuple[object, ...]):
    result = run(*arguments)

    assert (result.exit_code, "Traceback" in result.output) == (64, False)


def test_missing_file_is_named_as_missing():
    result = run(VALID, "nosuch.xml")

    assert result.exit_code == 64
    assert result.output == "muster: nosuch.xml: no such file\n"


def test_schemas_of_a_laboratory_decide(write_schema: WriteSchema):
    body = '<xs:element name="mcptt-user-profile"/>'
    folder = write_schema("laboratory", "a.xsd", "urn:3gpp:mcptt:user-profile:1.0", body)

    result = run(NO_INDEX, "--schemas", folder)

    ours = len(own_schemas().namespaces) - 1
    assert result.output.splitlines()[0] == (
        f"schemas of {folder}: 1 in place of ours, ours for the {ours} namespaces that it lacks"
    )
    assert "xmlschema" not in result.output


def test_missing_import_is_one_message_and_nothing_is_judged(write_schema: WriteSchema):
    body = '<xs:import namespace="urn:gone"/><xs:element name="a" type="g:word"/>'
    folder = write_schema("laboratory", "a.xsd", "urn:a", body, g="urn:gone")

    result = run(VALID, "--schemas", folder)

    assert result.exit_code == 64
    assert result.output == (
        f"muster: {folder / 'a.xsd'} (namespace urn:a): imports urn:gone, for which there is no "
        "schema; put a schema of that namespace into the folder\n"
    )


def test_broken_schema_is_one_message_though_others_import_it(write_schema: WriteSchema):
    folder = write_schema("laboratory", "a.xsd", "urn:a", '<xs:element name="a" type="t:gone"/>')
    body = '<xs:import namespace="urn:a"/><xs:element name="b"><xs:complexType><xs:sequence>'
    body += '<xs:element ref="a:a"/></xs:sequence></xs:complexType></xs:element>'
    write_schema("laboratory", "b.xsd", "urn:b", body, a="urn:a")

    result = run(VALID, "--schemas", folder)

    assert (result.exit_code, result.output.count("\n")) == (64, 1)
    assert result.output.startswith(
        f"muster: {folder / 'a.xsd'} (namespace urn:a): is not a valid schema: "
    )


def test_schema_that_was_passed_over_is_told(write_schema: WriteSchema):
    for name in ("rel13-a.xsd", "a.xsd"):
        folder = write_schema("laboratory", name, "urn:a", '<xs:element name="a"/>')

    told = "  passed over: a.xsd, for rel13-a.xsd is used\n"
    assert told in run(VALID, "--schemas", folder, "--release", "rel13").output


def test_progress_over_a_folder_is_shown_on_a_terminal():
    folder = str(EXAMPLES / "valid" / "xcap-caps")
    shown = bytearray()

    def read(terminal: int) -> bytes:
        data = os.read(terminal, 1024)
        shown.extend(data)
        return data

    status = pty.spawn([sys.executable, "-m", "muster.documents.command", folder], read)

    assert os.waitstatus_to_exitcode(status) == 0
    assert b"3/3" in shown or b"100%" in shown
    assert b"3 documents: 3 valid, 0 with problems" in shown


def test_command_works_as_a_process():
    command = [sys.executable, "-m", "muster.documents.command", "-"]
    done = subprocess.run(
        command, input=VALID.read_bytes(), capture_output=True, cwd=EXAMPLES.parents[1], check=False
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"standard input: valid")
