import xml.etree.ElementTree as ET
from dataclasses import replace

from reports.junit import write_junit


def written(results, folder):
    write_junit(results, folder / "junit.xml")
    return ET.parse(folder / "junit.xml").getroot()


def outcomes(root):
    return [
        [child.tag for child in case if child.tag != "system-out"] for case in root.iter("testcase")
    ]


def test_only_pass_looks_green(sample, tmp_path):
    assert outcomes(written(sample, tmp_path)) == [
        [],
        ["failure"],
        ["error"],
        [],
        ["failure"],
        ["skipped"],
        ["error"],
        ["error"],
    ]


def test_totals_agree_with_the_cases(sample, tmp_path):
    root = written(sample, tmp_path)

    totals = [root.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert totals == ["8", "2", "3", "1"]


def test_failure_names_requirement_expected_and_observed(sample, tmp_path):
    failure = written(sample, tmp_path).find(".//failure")

    assert failure.get("message") == "TS24484-8.2-01"
    assert "ue-alice-1, observed" in failure.text


def test_not_applicable_tells_why(sample, tmp_path):
    skipped = written(sample, tmp_path).find(".//skipped")

    assert skipped.get("message") == "not applicable: migration and return_home"


def test_suite_error_is_an_error(sample, tmp_path):
    root = written(replace(sample, suite_errors=("a.feature:3: no such step",)), tmp_path)

    assert root.find(".//testsuite[@name='suite']/testcase/error").text == (
        "a.feature:3: no such step"
    )


def test_characters_that_xml_cannot_hold_are_replaced(sample, tmp_path):
    told = "\x00\x1b[31m\ud800\ufffe]]><b>"
    hostile = replace(sample.scenarios[2], explanation=told, title=told, reason=told)

    root = written(replace(sample, scenarios=(hostile,)), tmp_path)

    assert root.find(".//error").text == "␀␛[31m⟨U+D800⟩⟨U+FFFE⟩]]><b>"
