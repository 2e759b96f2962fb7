import json
import re
from pathlib import Path

import pytest

from muster.documents.parse import DocumentRefused, parse
from muster.documents.rules import RULES, RuleProblem, RuleReport, apply_rules
from muster.documents.rules.group import display_name
from muster.requirements import Catalogue
from muster.suite import suite_root
from tests.documents.told_findings import EXAMPLES as RULE_BREAKING
from tests.documents.told_findings import FINDINGS, told

EXAMPLES = Path(__file__).parent
CATALOGUE = Catalogue.load(suite_root() / "fixtures" / "requirements").requirements

WHOLE = sorted(
    path
    for name in ("full.xml", "migration.xml", "*-group.xml", "regrouped-*.xml")
    for path in (EXAMPLES / "valid").rglob(name)
)


def _of(report: RuleReport, requirement: str) -> list[RuleProblem]:
    return [problem for problem in report.problems if problem.requirement == requirement]


def _example(name: str, *changes: tuple[str, str]) -> bytes:
    """A valid example with some of its text replaced."""
    text = (EXAMPLES / "valid" / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert re.search(old, text), f"{old} is not in {name}"
        text = re.sub(old, new, text, count=1)
    return text.encode()


@pytest.mark.parametrize("path", WHOLE, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_whole_example_keeps_every_rule(path: Path):
    assert apply_rules(parse(path.read_bytes())).problems == ()


@pytest.mark.parametrize(
    "path",
    sorted((EXAMPLES / "rule-breaking").rglob("*.xml")),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_rule_breaking_example_is_reported_by_just_the_rules_that_it_names(path: Path):
    comment = re.fullmatch(r"<!-- expect: (.+) -->", path.read_text("utf-8").splitlines()[1])
    assert comment is not None

    problems = apply_rules(parse(path.read_bytes())).problems

    assert {problem.requirement for problem in problems} == set(comment[1].split())
    assert len(set(problems)) == len(problems), "one place is reported twice"
    assert all(problem.expected and problem.observed for problem in problems)


def test_findings_are_told_word_by_word():
    """`python -m tests.documents.told_findings` writes them anew."""
    paths = sorted(RULE_BREAKING.rglob("*.xml"))
    found = {str(path.relative_to(RULE_BREAKING)): told(path) for path in paths}

    assert found == json.loads(FINDINGS.read_text("utf-8"))


def _reported(folder: str) -> set[str]:
    """The requirements that examples of a folder are reported for, or else keep."""
    found: set[str] = set()
    for path in (EXAMPLES / folder).rglob("*.xml"):
        try:
            report = apply_rules(parse(path.read_bytes()))
        except DocumentRefused:
            continue
        found |= {problem.requirement for problem in report.problems}
    return found


def test_every_rule_reports_an_example_and_accepts_every_valid_one():
    """Rules about the name of a document have examples of their own below."""
    nameless = {rule.requirement for rule in RULES if not rule.needs_name}

    assert nameless - _reported("rule-breaking") - _reported("invalid") == set()
    assert _reported("valid") == set()


def test_every_rule_is_applied_to_a_valid_example_of_each_of_its_documents():
    applied = {
        (requirement, report.document.name)
        for path in (EXAMPLES / "valid").rglob("*.xml")
        for report in [apply_rules(parse(path.read_bytes()), "any")]
        if report.document
        for requirement in report.applied
    }

    assert {(rule.requirement, name) for rule in RULES for name in rule.documents} == applied


def test_every_rule_is_in_the_catalogue():
    assert [r.requirement for r in RULES if r.requirement not in CATALOGUE] == []


def test_every_requirement_of_documents_has_a_rule():
    text = (suite_root() / "fixtures" / "requirements" / "documents.toml").read_text("utf-8")
    listed = set(re.findall(r'^id = "(.+)"$', text, re.MULTILINE))

    assert listed == {each.requirement for each in RULES}


def test_unknown_root_has_no_rules():
    assert apply_rules(parse(b'<a xmlns="urn:x"/>')) == RuleReport(None)


def test_problem_names_line_path_expected_and_observed():
    data = b'<mcptt-user-profile xmlns="urn:3gpp:mcptt:user-profile:1.0"\n user-profile-index="1"/>'

    assert _of(apply_rules(parse(data)), "TS24484-8.3.2.1-03") == [
        RuleProblem(2, "/mcptt-user-profile", "one <Status>", "0", "TS24484-8.3.2.1-03")
    ]


MIGRATION = "mcptt-user-profile/migration.xml"


@pytest.mark.parametrize(
    ("requirement", "change"),
    [
        ("TS24484-8.3.2.1-01", ('XUI-URI="[^"]*"', 'XUI-URI="alice"')),
        ("TS24484-8.3.2.1-02", ('user-profile-index="1"', "")),
        ("TS24484-8.3.2.1-03", ("<Status>", "<Status>true</Status><Status>")),
        ("TS24484-8.3.2.1-04", ("<Status>", "<ProfileName>x</ProfileName><Status>")),
        ("TS24484-8.3.2.1-05", ("<Status>", "<Pre-selected-indication/><Status>")),
        ("TS24484-8.3.2.1-06", ('<Common index="1">', "<Common>")),
        ("TS24484-8.3.2.1-07", ("<alias-entry.*</alias-entry>", "")),
        ("TS24484-8.3.2.1-08", ('<entry index="1">', "<entry>")),
        ("TS24484-8.3.2.7-01", ("A1B2C3", "A1B2")),
        ("TS24484-8.3.2.7-02", ("sip:bob@primary.example", "bob at work")),
        ("TS24484-7.2.2.6-01", ('PLMN="20801"', 'PLMN="208"')),
        ("TS23280-10.1.1.2-DOC01", ("<cms>.*</cms>", "")),
        ("TS23280-10.1.1.2-DOC01", ("<cms>.*</cms>", "<cms/>")),
        ("TS23280-10.1.1.2-DOC01", ("<MC-ID-to-con-ref>.*</MC-ID", "<MC-ID-to-con-ref></MC-ID")),
        ("TS23280-10.1.1.2-DOC01", ("<CMS-XCAP-root-URI>.*</CMS-XCAP-root-URI>", "")),
        ("TS23280-10.1.1.2-DOC02", ("<PartnerMCPTTSystemId>.*</PartnerMCPTTSystemId>", "")),
        ("TS23280-10.1.1.2-DOC03", ('<OnNetwork index="1">', "<Elsewhere>")),
    ],
)
def test_changed_profile_breaks_that_rule(requirement: str, change: tuple[str, str]):
    changes = [change]
    if change[1] == "<Elsewhere>":
        changes.append(("</OnNetwork>", "</Elsewhere>"))

    report = apply_rules(parse(_example(MIGRATION, *changes)))

    assert {problem.requirement for problem in report.problems} == {requirement}
    assert all(problem.expected and problem.observed for problem in report.problems)


@pytest.mark.parametrize(
    ("zone", "reported"), [("Z", 0), ("+01:00", 0), ("-05:00", 0), ("", 1), ("z", 1)]
)
def test_time_of_a_key_request_has_a_zone(zone: str, reported: int):
    change = ("<Time>[^<]*<", f"<Time>2026-01-02T03:04:05{zone}<")
    document = parse(_example("kms-request/initialise.xml", change))

    assert len(_of(apply_rules(document), "TS33180-D.2.2-DOC09")) == reported


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<display-name>Fire <x/>one</display-name>", "Fire"),
        ("<other>No</other><display-name> Fire one </display-name>", "Fire one"),
        ("<other>No</other>", ""),
    ],
)
def test_group_is_told_by_its_display_name(content: str, name: str):
    namespace = "urn:oma:xml:poc:list-service"
    text = f'<group xmlns="{namespace}"><list-service>{content}</list-service></group>'

    assert display_name(parse(text.encode())) == name


@pytest.mark.parametrize(
    ("service", "requirement"),
    [
        ("mcptt", "TS24484-8.3.2.8-01"),
        ("mcvideo", "TS24484-9.3.2.8-01"),
        ("mcdata", "TS24484-10.3.1A-01"),
    ],
)
@pytest.mark.parametrize(
    ("name", "reported"),
    [("{}-user-profile-1.xml", 0), ("{}-user-profile-2.xml", 1), ("engine.xml", 1)],
)
def test_document_name_carries_the_index(service: str, requirement: str, name: str, reported: int):
    document = parse(_example(f"{service}-user-profile/migration.xml"))

    assert len(_of(apply_rules(document, name.format(service)), requirement)) == reported


@pytest.mark.parametrize(
    ("name", "reported"),
    [("sip:fire@primary.example", 0), ("sip%3Afire%40primary.example", 0), ("fire.xml", 1)],
)
def test_group_document_is_named_by_the_group_id(name: str, reported: int):
    change = ('<list-service uri="[^"]*"', '<list-service uri="sip:fire@primary.example"')
    document = parse(_example("group/prearranged-mcptt-group.xml", change))

    assert len(_of(apply_rules(document, name), "TS24481-7.2.10.2-01")) == reported


def test_name_is_not_judged_where_it_is_unknown():
    assert "TS24484-8.3.2.8-01" not in apply_rules(parse(_example(MIGRATION))).applied


def test_group_of_another_service_is_no_mc_group():
    data = _example(
        "group/prearranged-mcptt-group.xml",
        ("3gpp-service.ims.icsi.mcptt", "3gpp-service.ims.icsi.mmtel"),
    )

    assert "TS24481-7.2.8-01" in {p.requirement for p in apply_rules(parse(data)).problems}


@pytest.mark.parametrize("name", ["document", "element", "attribute"])
@pytest.mark.parametrize(
    ("selector", "reported"), [("a/b", 0), ("/a/b", 1), ("https://a.example/b", 1)]
)
def test_selector_of_a_change_is_relative(name: str, selector: str, reported: int):
    namespace = "urn:ietf:params:xml:ns:xcap-diff"
    change = f'<{name} sel="{selector}" new-etag="1"/>'
    text = f'<xcap-diff xmlns="{namespace}" xcap-root="https://a.example/root">{change}</xcap-diff>'

    assert len(_of(apply_rules(parse(text.encode())), "RFC5874-3-03")) == reported


@pytest.mark.parametrize(
    ("begins", "ends", "reported"),
    [
        ("2026-01-01T10:00:00+02:00", "2026-01-01T09:00:00Z", 0),
        ("2026-01-01T10:00:00-02:00", "2026-01-01T11:00:00Z", 1),
        ("2026-01-01T10:00:00", "2026-01-01T09:00:00Z", 1),
        ("2026-01-01T10:00:00", "2026-01-01T12:00:00+01:00", 0),
    ],
)
def test_validity_ends_after_it_begins_whatever_the_zones(begins: str, ends: str, reported: int):
    namespace = "urn:ietf:params:xml:ns:common-policy"
    times = f"<validity><from>{begins}</from><until>{ends}</until></validity>"
    rule = f'<rule id="a"><conditions>{times}</conditions></rule>'
    text = f'<ruleset xmlns="{namespace}">{rule}</ruleset>'

    assert len(_of(apply_rules(parse(text.encode())), "RFC4745-7.3-01")) == reported
