"""The campaign as Cucumber messages (NDJSON), for the tools around Cucumber.

Built from the journals alone. Each scenario ends with a hook "verdict", which carries what steps
cannot say: whatever is not a PASS never looks like one.
"""

from __future__ import annotations

import json
import platform
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from muster import __version__
from muster.evidence import Json
from muster.results import Results, ScenarioResult, Step
from muster.verdicts import Verdict
from reports.text import short, visible

PROTOCOL = "27.0.0"
LONGEST = 4_000
STATUS = {
    Verdict.PASS: "PASSED",
    Verdict.FAIL: "FAILED",
    Verdict.ERROR: "FAILED",
    Verdict.INCONCLUSIVE: "PENDING",
    Verdict.NOT_RUN: "PENDING",
    Verdict.NOT_APPLICABLE: "SKIPPED",
}
STEP_STATUS = {"passed": "PASSED", "failed": "FAILED", "started": "UNKNOWN"}
KEYWORDS = {"given": "Context", "when": "Action", "then": "Outcome"}
HOOK = "verdict"


def write_cucumber(results: Results, path: Path) -> None:
    """Write cucumber.ndjson; ASCII only, one message a line."""
    lines = (json.dumps(message, separators=(",", ":")) for message in messages(results))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


def messages(results: Results) -> Iterator[dict[str, Json]]:
    """Yield the messages in the order in which Cucumber sends them."""
    yield {"meta": _meta(results)}
    features: dict[str, list[ScenarioResult]] = defaultdict(list)
    for scenario in results.scenarios:
        features[scenario.feature].append(scenario)
    for feature, scenarios in features.items():
        yield from _document(feature, scenarios)
    yield {"hook": {"id": HOOK, "name": HOOK, "sourceReference": {}}}
    yield {"testRunStarted": {"id": "run", "timestamp": _time(results.started)}}
    for scenario in results.scenarios:
        yield {"testCase": _case(scenario)}
    for scenario in results.scenarios:
        yield from _run(scenario)
    yield {
        "testRunFinished": {
            "testRunStartedId": "run",
            "success": results.exit_code == 0,
            "timestamp": _time(results.ended),
            **({"message": _text("\n".join(results.notes))} if results.notes else {}),
        }
    }


def _meta(results: Results) -> dict[str, Json]:
    return {
        "protocolVersion": PROTOCOL,
        "implementation": {"name": "muster", "version": __version__},
        "runtime": {"name": "python", "version": platform.python_version()},
        "os": {"name": platform.system()},
        "cpu": {"name": platform.machine()},
    }


# What was to be run ----------------------------------------------------------------------------


def _document(feature: str, scenarios: list[ScenarioResult]) -> Iterator[dict[str, Json]]:
    uri, title = _text(feature), _text(scenarios[0].feature_title)
    text = [f"Feature: {title}"]
    for scenario in scenarios:
        text += ["", f"  Scenario: {_text(scenario.title)}"]
        text += [f"    {_text(step.keyword)} {_text(step.text)}" for step in scenario.steps]
    media = "text/x.cucumber.gherkin+plain"
    yield {"source": {"uri": uri, "data": "\n".join(text) + "\n", "mediaType": media}}
    yield {
        "gherkinDocument": {
            "uri": uri,
            "feature": {
                "location": {"line": 1},
                "tags": [],
                "language": "en",
                "keyword": "Feature",
                "name": title,
                "description": "",
                "children": [{"scenario": _scenario(one)} for one in scenarios],
            },
            "comments": [],
        }
    }
    for scenario in scenarios:
        yield {"pickle": _pickle(scenario, uri)}


def _scenario(scenario: ScenarioResult) -> dict[str, Json]:
    return {
        "id": f"{scenario.id}/scenario",
        "location": {"line": max(1, scenario.line)},
        "tags": [
            {"id": f"{scenario.id}/tag/{tag}", "name": f"@{tag}", "location": {"line": 1}}
            for tag in scenario.tags
        ],
        "keyword": "Scenario",
        "name": _text(scenario.title),
        "description": "",
        "steps": [
            {
                "id": _step_id(scenario, step, "ast"),
                "location": {"line": max(1, step.line)},
                "keyword": f"{_text(step.keyword)} ",
                "keywordType": KEYWORDS.get(step.keyword.strip().lower(), "Conjunction"),
                "text": _text(step.text),
            }
            for step in scenario.steps
        ],
        "examples": [],
    }


def _pickle(scenario: ScenarioResult, uri: str) -> dict[str, Json]:
    return {
        "id": f"{scenario.id}/pickle",
        "uri": uri,
        "name": _text(scenario.title),
        "language": "en",
        "astNodeIds": [f"{scenario.id}/scenario"],
        "tags": [
            {"name": f"@{tag}", "astNodeId": f"{scenario.id}/tag/{tag}"} for tag in scenario.tags
        ],
        "steps": [
            {
                "id": _step_id(scenario, step, "pickle"),
                "text": _text(step.text),
                "astNodeIds": [_step_id(scenario, step, "ast")],
            }
            for step in scenario.steps
        ],
    }


def _case(scenario: ScenarioResult) -> dict[str, Json]:
    steps: list[Json] = [
        {
            "id": _step_id(scenario, step, "test"),
            "pickleStepId": _step_id(scenario, step, "pickle"),
            "stepDefinitionIds": [],
            "stepMatchArgumentsLists": [],
        }
        for step in scenario.steps
    ]
    steps.append({"id": f"{scenario.id}/verdict", "hookId": HOOK})
    return {
        "id": f"{scenario.id}/case",
        "pickleId": f"{scenario.id}/pickle",
        "testRunStartedId": "run",
        "testSteps": steps,
    }


def _step_id(scenario: ScenarioResult, step: Step, what: str) -> str:
    return f"{scenario.id}/{what}/{step.index}"


# What came out ---------------------------------------------------------------------------------


def _run(scenario: ScenarioResult) -> Iterator[dict[str, Json]]:
    attempt = f"{scenario.id}/attempt"
    begun = _time(scenario.started or 0.0)
    ended = _time((scenario.started or 0.0) + scenario.duration)
    yield {
        "testCaseStarted": {
            "id": attempt,
            "attempt": 0,
            "testCaseId": f"{scenario.id}/case",
            "timestamp": begun,
        }
    }
    for step in scenario.steps:
        yield from _step(attempt, _step_id(scenario, step, "test"), _outcome(scenario, step), begun)
    verdict = {"status": STATUS[scenario.verdict], "duration": _duration(scenario.duration)}
    told = _told(scenario)
    if told:
        verdict["message"] = told
    yield from _step(attempt, f"{scenario.id}/verdict", verdict, ended)
    yield {
        "testCaseFinished": {
            "testCaseStartedId": attempt,
            "timestamp": ended,
            "willBeRetried": False,
        }
    }


def _step(attempt: str, step: str, outcome: Json, at: Json) -> Iterator[dict[str, Json]]:
    named = {"testCaseStartedId": attempt, "testStepId": step, "timestamp": at}
    yield {"testStepStarted": named}
    yield {"testStepFinished": {**named, "testStepResult": outcome}}


def _outcome(scenario: ScenarioResult, step: Step) -> dict[str, Json]:
    stopped = STATUS[scenario.verdict] if scenario.verdict is not Verdict.PASS else "UNKNOWN"
    made: dict[str, Json] = {
        "status": STEP_STATUS.get(step.status, stopped),
        "duration": _duration(0.0),
    }
    if made["status"] == "FAILED":
        made["message"] = _told(scenario)
    return made


def _told(scenario: ScenarioResult) -> str:
    lines = []
    if scenario.verdict not in (Verdict.PASS, Verdict.FAIL):
        lines = [f"{scenario.verdict} {scenario.reason}".strip(), scenario.explanation]
    lines += [f"{found.severity} {found}" for found in scenario.findings]
    return _text("\n".join(line for line in lines if line))


def _text(text: str) -> str:
    return visible(short(text, LONGEST))


def _time(seconds: float) -> dict[str, int]:
    whole = int(min(max(seconds, 0.0), 1e12))
    return {"seconds": whole, "nanos": int((seconds % 1) * 1e9) if whole else 0}


def _duration(seconds: float) -> dict[str, int]:
    return {"seconds": int(seconds), "nanos": int((seconds % 1) * 1e9)}
