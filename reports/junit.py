"""The campaign as JUnit XML for CI pipelines: whatever is not a PASS never looks like one."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

from muster.results import Results, ScenarioResult
from muster.verdicts import Verdict
from reports.tally import Area, areas
from reports.text import short, visible

# Characters that XML 1.0 cannot hold; `visible` has replaced what people should see of them.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = 4_000


def write_junit(results: Results, path: Path) -> None:
    """Write junit.xml: a suite per area, a case per scenario."""
    counts = results.counts
    root = ET.Element(
        "testsuites",
        name="muster",
        tests=str(counts["selected"] + len(results.suite_errors)),
        failures=str(counts["FAIL"]),
        errors=str(sum(counts[v] for v in ERRORS) + len(results.suite_errors)),
        skipped=str(counts["NOT_APPLICABLE"]),
        time=f"{max(0.0, results.ended - results.started):.3f}",
    )
    for area in areas(results):
        root.append(_suite(area))
    if results.suite_errors:
        root.append(_suite_errors(results))
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


ERRORS = (Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.NOT_RUN)


def _suite(area: Area) -> ET.Element:
    counts = area.counts
    suite = ET.Element(
        "testsuite",
        name=_text(area.name),
        tests=str(len(area.scenarios)),
        failures=str(counts[Verdict.FAIL]),
        errors=str(sum(counts[verdict] for verdict in ERRORS)),
        skipped=str(counts[Verdict.NOT_APPLICABLE]),
        time=f"{sum(scenario.duration for scenario in area.scenarios):.3f}",
    )
    suite.extend(_case(scenario) for scenario in area.scenarios)
    return suite


def _case(scenario: ScenarioResult) -> ET.Element:
    name = f"{scenario.title} [{scenario.service}]" if scenario.service else scenario.title
    # Name and line tell apart rows of an outline, which share their title.
    case = ET.Element(
        "testcase",
        name=_text(f"{name} (line {scenario.line})"),
        classname=_text(scenario.feature.removesuffix(".feature").replace("/", ".")),
        time=f"{scenario.duration:.3f}",
    )
    tell = OUTCOMES.get(scenario.verdict)
    if tell:
        case.append(tell(scenario))
    findings = "\n".join(f"{found.severity} {found}" for found in scenario.findings)
    if findings:
        ET.SubElement(case, "system-out").text = _text(findings)
    return case


def _failure(scenario: ScenarioResult) -> ET.Element:
    failing = [found for found in scenario.findings if found.severity == "FAIL"]
    requirements = ", ".join(dict.fromkeys(found.requirement for found in failing))
    element = ET.Element("failure", type="FAIL", message=_text(requirements))
    element.text = _text("\n".join(str(found) for found in failing))
    return element


def _error(scenario: ScenarioResult) -> ET.Element:
    message = f"{scenario.verdict.value}: {scenario.reason or 'no reason was recorded'}"
    element = ET.Element("error", type=scenario.verdict.value, message=_text(message))
    element.text = _text(scenario.explanation)
    return element


def _skipped(scenario: ScenarioResult) -> ET.Element:
    told = f"not applicable: {scenario.reason or scenario.explanation}"
    return ET.Element("skipped", message=_text(told))


OUTCOMES: dict[Verdict, Callable[[ScenarioResult], ET.Element]] = {
    Verdict.FAIL: _failure,
    Verdict.ERROR: _error,
    Verdict.INCONCLUSIVE: _error,
    Verdict.NOT_RUN: _error,
    Verdict.NOT_APPLICABLE: _skipped,
}


def _suite_errors(results: Results) -> ET.Element:
    number = str(len(results.suite_errors))
    suite = ET.Element("testsuite", name="suite", tests=number, errors=number, failures="0")
    for told in results.suite_errors:
        case = ET.SubElement(suite, "testcase", name="collection", classname="suite")
        ET.SubElement(case, "error", type="ERROR", message=_text(short(told, 200))).text = _text(
            told
        )
    return suite


def _text(text: str) -> str:
    return NOT_XML.sub("\ufffd", visible(short(text, LONGEST)))
