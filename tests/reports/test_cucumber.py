import json
import os
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from muster.results import read_results
from muster.verdicts import Verdict
from reports.cucumber import messages, write_cucumber
from tests.reports.sample import write_sample

NODE_MODULES = Path(os.environ.get("MUSTER_NODE_MODULES", "node_modules"))
FORMATTER = """
import {CucumberHtmlStream} from '@cucumber/html-formatter';
import {NdjsonToMessageStream} from '@cucumber/message-streams';
process.stdin.pipe(new NdjsonToMessageStream()).pipe(new CucumberHtmlStream()).pipe(process.stdout);
"""


def needs(package):
    missing = shutil.which("node") is None or not (NODE_MODULES / package).is_dir()
    why = f"node or {package} (npm) is missing; MUSTER_NODE_MODULES names the folder of packages"
    return pytest.mark.skipif(missing, reason=why)


def of(told, kind):
    return [message[kind] for message in told if kind in message]


def verdict_statuses(results):
    told = list(messages(results))
    return [
        one["testStepResult"]["status"]
        for one in of(told, "testStepFinished")
        if one["testStepId"].endswith("/verdict")
    ]


def test_only_pass_looks_green(sample):
    wanted = {
        Verdict.PASS: "PASSED",
        Verdict.FAIL: "FAILED",
        Verdict.ERROR: "FAILED",
        Verdict.NOT_APPLICABLE: "SKIPPED",
    }

    assert verdict_statuses(sample) == [
        wanted.get(scenario.verdict, "PENDING") for scenario in sample.scenarios
    ]


def test_every_reference_leads_to_something(sample):
    told = list(messages(sample))
    pickles = {pickle["id"]: pickle for pickle in of(told, "pickle")}
    cases = {case["id"]: case for case in of(told, "testCase")}
    attempts = {one["id"]: one for one in of(told, "testCaseStarted")}
    steps = {step["id"] for case in cases.values() for step in case["testSteps"]}

    assert all(case["pickleId"] in pickles for case in cases.values())
    assert all(one["testCaseId"] in cases for one in attempts.values())
    assert Counter(one["testStepId"] for one in of(told, "testStepFinished")) == Counter(steps)
    assert {one["testCaseStartedId"] for one in of(told, "testCaseFinished")} == {*attempts}


def test_findings_are_told_where_a_step_failed(sample):
    finding = next(one for one in sample.scenarios[1].findings)
    told = [
        one["testStepResult"].get("message", "")
        for one in of(list(messages(sample)), "testStepFinished")
    ]

    assert f"FAIL {finding}" in told


def test_hostile_text_is_inert_and_ascii(sample, tmp_path):
    first = replace(sample.scenarios[0], title="\x1b[31m<script>\u202e\ud800", started=1e300)

    write_cucumber(replace(sample, scenarios=(first,)), tmp_path / "c.ndjson")

    text = (tmp_path / "c.ndjson").read_text("ascii")
    assert "\\u001b" not in text
    assert all(json.loads(line) for line in text.splitlines())


def test_cut_campaign_is_not_a_success(tmp_path):
    told = list(messages(read_results(write_sample(tmp_path, cut=True))))

    (finished,) = of(told, "testRunFinished")
    assert finished["success"] is False
    assert "the last line is not whole" in finished["message"]


@needs("@cucumber/messages")
def test_messages_fit_the_schema_of_cucumber(sample):
    path = NODE_MODULES / "@cucumber" / "messages" / "messages.schema.json"
    schema = json.loads(path.read_text())

    for message in messages(sample):
        jsonschema.validate(message, schema)


@needs("@cucumber/html-formatter")
def test_the_formatter_of_cucumber_reads_it(sample, tmp_path):
    write_cucumber(sample, tmp_path / "c.ndjson")
    script = NODE_MODULES.resolve().parent / "muster-format.mjs"
    script.write_text(FORMATTER)
    try:
        run = subprocess.run(
            ["node", str(script)],
            input=(tmp_path / "c.ndjson").read_bytes(),
            capture_output=True,
            timeout=60,
        )
    finally:
        script.unlink()

    assert run.returncode == 0, run.stderr
    assert b"The client fetches its own UE configuration" in run.stdout
