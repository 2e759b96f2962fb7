import re
from pathlib import Path

import pytest

from muster.documents.parse import parse
from muster.documents.rules import RULES, RuleProblem, RuleReport, apply_rules
from muster.requirements import Catalogue
from muster.suite import suite_root

EXAMPLES = Path(__file__).parent
CATALOGUE = Catalogue.load(suite_root() / "fixtures" / "requirements").requirements

WHOLE = sorted(
    path
    for name in ("full.xml", "migration.xml", "*-group.xml", "regrouped-*.xml")
    for path in (EXAMPLES / "valid").rglob(name)
)

# Breaks that no rule reports, with the reason.
NOT_JUDGED = {
    "kms-key-set/plain-and-wrapped-mixed.xml": "no text forbids it",
    "kms-redirect/signature-missing.xml": "the schema of D.4.4 was not seen",
    "kms-response/no-key-set.xml": "the schema allows no key set",
    "kms-response/signature-missing.xml": "the schema lets the signature be absent",
}


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
def test_rule_breaking_example_is_reported_or_listed(path: Path):
    listed = f"{path.parent.name}/{path.name}" in NOT_JUDGED

    assert bool(apply_rules(parse(path.read_bytes())).problems) != listed


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


@pytest.mark.parametrize(
    ("name", "reported"),
    [("mcptt-user-profile-1.xml", 0), ("mcptt-user-profile-2.xml", 1), ("engine.xml", 1)],
)
def test_document_name_carries_the_index(name: str, reported: int):
    report = apply_rules(parse(_example(MIGRATION)), name)

    assert len(_of(report, "TS24484-8.3.2.8-01")) == reported


def test_name_is_not_judged_where_it_is_unknown():
    assert "TS24484-8.3.2.8-01" not in apply_rules(parse(_example(MIGRATION))).applied


def test_group_of_another_service_is_no_mc_group():
    data = _example(
        "group/prearranged-mcptt-group.xml",
        ("3gpp-service.ims.icsi.mcptt", "3gpp-service.ims.icsi.mmtel"),
    )

    assert "TS24481-7.2.8-01" in {p.requirement for p in apply_rules(parse(data)).problems}
