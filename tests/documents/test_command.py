import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from muster.documents.command import validate_command
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
    assert "TS24484-8.3.2.1-03" in result.output.partition("rules applied: ")[2]


def test_invalid_document_ends_with_1_and_tells_both_engines():
    result = run(NO_INDEX)

    assert result.exit_code == 1
    assert "(xmlschema ValidationError, TS 24.484 8.3)" in result.output
    assert "(lxml SCHEMAV_CVC_COMPLEX_TYPE_4, TS 24.484 8.3)" in result.output


def test_broken_rule_is_cited_with_clause_level_and_basis():
    result = run(TWO_COMMONS)

    assert result.exit_code == 1
    assert (
        "expected one <Common>, observed 2 "
        "(TS24484-8.3.2.1-06, TS 24.484 8.3.2.1, shall, corroborated)"
    ) in result.output


def test_rule_that_is_not_well_known_only_warns():
    data = VALID.read_text("utf-8").replace("<PrivateEmergencyAlert>", "<x:Gone xmlns:x='urn:x'>")
    data = data.replace("</PrivateEmergencyAlert>", "</x:Gone>")

    result = run("-", given=data.encode())

    assert (result.exit_code, "warning: line" in result.output) == (0, True)
    assert "TS24484-8.3.2.1-12, TS 24.484 8.3.2.1, shall, reported" in result.output


def test_standard_input_is_read():
    assert run("-", given=VALID.read_bytes()).output.startswith("standard input: valid")


def test_folder_is_searched():
    result = run(EXAMPLES / "invalid" / "mcptt-ue-config", VALID)

    assert result.exit_code == 1
    assert result.output.rstrip().endswith(" with problems")


def test_invalid_example_is_reported_with_its_problem(invalid_report: dict[str, str]):
    """The words of an example stand in the problems that are told of it."""
    silent = [
        name
        for name, told in invalid_report.items()
        for words in [expected_of(EXAMPLES / "invalid" / name)]
        if not any(all(word in line for word in words) for line in told.splitlines())
    ]

    assert len(invalid_report) > 300
    assert silent == []


def test_folder_of_every_invalid_example_has_problems_only(invalid_report: dict[str, str]):
    assert [name for name, told in invalid_report.items() if " has problems" not in told] == []


@pytest.fixture(scope="module")
def invalid_report() -> dict[str, str]:
    """What one call over the folder of invalid examples tells of each."""
    result = run(EXAMPLES / "invalid")
    assert result.exit_code == 1
    parts = re.split(rf"^{re.escape(str(EXAMPLES / 'invalid'))}/", result.output, flags=re.M)
    return {part.partition(": ")[0]: part.partition(": ")[0] + part for part in parts[1:]}


def expected_of(example: Path) -> list[str]:
    second_line = example.read_text("utf-8").splitlines()[1]
    return second_line.removeprefix("<!-- expect: ").removesuffix(" -->").split()


def test_unknown_root_is_one_clear_message():
    result = run("-", given=b'<a xmlns="urn:x"/>')

    assert result.exit_code == 1
    assert result.output == (
        "standard input: has problems\n  line 1 /a: there is no schema for the namespace urn:x, "
        "so <a> cannot be judged (muster unknown_namespace)\n"
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

    assert run("-", given=b"<mcpttinfo/>").output.endswith(told)


def test_known_root_has_no_others_nearby():
    assert "known nearby" not in run(NO_INDEX).output


def test_refused_document_is_told_with_its_reason():
    result = run("-", given=b"<!DOCTYPE a><a/>")

    assert (result.exit_code, "(parser doctype)" in result.output) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--no-such-option", VALID),
        ("nowhere.xml",),
        (VALID, "--schemas", "nowhere"),
        (VALID, "--schemas", EXAMPLES, "--release", "newest"),
    ],
)
def test_bad_usage_ends_with_64(arguments: tuple[object, ...]):
    result = run(*arguments)

    assert (result.exit_code, "Traceback" in result.output) == (64, False)


def test_missing_file_is_named_as_missing():
    result = run(VALID, "nosuch.xml")

    assert result.exit_code == 64
    assert result.output.splitlines()[-1] == "Error: nosuch.xml: no such file"


def test_schemas_of_a_laboratory_decide(write_schema: WriteSchema):
    body = '<xs:element name="mcptt-user-profile"/>'
    folder = write_schema("laboratory", "a.xsd", "urn:3gpp:mcptt:user-profile:1.0", body)

    result = run(NO_INDEX, "--schemas", folder)

    assert "1 in place of ours" in result.output
    assert "xmlschema" not in result.output


def test_command_works_as_a_process():
    command = [sys.executable, "-m", "muster.documents.command", "-"]
    done = subprocess.run(
        command, input=VALID.read_bytes(), capture_output=True, cwd=EXAMPLES.parents[1], check=False
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"standard input: valid")
