"""A certificate is refused with every reason, and what it says follows from the verdicts."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from muster import __version__
from muster.audit import certification, rederive
from muster.audit.bundling import NotBundled, make_bundle
from muster.audit.certification import headline_of, reasons_against
from muster.audit.rederive import Rederived
from muster.audit.suite_scenarios import canonical_scenarios
from muster.audit.verification import verify_bundle
from muster.report_files import load_catalogue
from muster.results import Results, ScenarioResult, read_results
from muster.suite import suite_digest
from muster.verdicts import Verdict
from tests.audit.conftest import Laboratory
from tests.audit.forgery import CONTROLLER, opened

CAMPAIGN = {
    "suite": {"version": __version__, "digest": suite_digest(), "checkout": False, "steps": None},
    "subject": {"vendor": "V", "model": "M", "software": "1", "builtin": False},
    "ics": {"services": ["mcptt", "mcvideo", "mcdata"], "items": []},
    "ixit": {"quiet_seconds": 2.0, "clock_scale": 1.0},
}


def passed(name: str) -> ScenarioResult:
    entry = canonical_scenarios()[name]
    return ScenarioResult(
        **{"id": name, "title": entry.title, "feature": entry.feature_name, "feature_title": ""},
        **{"area": entry.area, "line": entry.line, "tags": entry.tags, "service": ""},
        **{"requirements": entry.requirements, "reason": "", "explanation": "", "findings": ()},
        **{"duration": 0.1, "started": 1.0, "steps": (), "events": (), "worker": "main"},
        verdict=Verdict.PASS,
    )


def whole(**campaign: Any) -> Results:
    """A campaign of the whole canonical set on a real UE, all passed."""
    return Results(
        folder=Path(),
        campaign={**CAMPAIGN, **campaign},
        scenarios=tuple(passed(name) for name in canonical_scenarios()),
        suite_errors=(),
        notes=(),
        broken_chains=(),
        sealed=True,
        started=1.0,
        ended=2.0,
    )


def but_first(verdict: Verdict) -> Results:
    results = whole()
    first, *others = results.scenarios
    return replace(results, scenarios=(replace(first, verdict=verdict), *others))


def test_whole_set_on_a_real_ue_is_conformant() -> None:
    reasons = reasons_against(whole(), Rederived(), signed=True)

    assert (reasons, headline_of(whole(), reasons)) == ([], "conformant")


def test_a_fail_is_certified_as_not_conformant() -> None:
    results = but_first(Verdict.FAIL)
    reasons = reasons_against(results, Rederived(), signed=True)

    assert (reasons, headline_of(results, reasons)) == ([], "not conformant")


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.NOT_RUN, Verdict.INCONCLUSIVE])
def test_an_open_scenario_stands_against_it(verdict: Verdict) -> None:
    results = but_first(verdict)
    reasons = reasons_against(results, Rederived(), signed=True)

    assert reasons == [f"scenarios are {verdict} (1): {results.scenarios[0].id}"]
    assert headline_of(results, reasons) == "not certifiable"


def suite(**members: Any) -> dict[str, Any]:
    return {**CAMPAIGN["suite"], **members}


@pytest.mark.parametrize(
    ("results", "told"),
    [
        (whole(subject={"builtin": True}), "the subject is a UE that comes with Muster"),
        (whole(subject={}), "the subject is a UE that comes with Muster"),
        (
            whole(ixit={"quiet_seconds": 2.0, "clock_scale": 0.5}),
            "silence was waited for 1 s, less than 2 s",
        ),
        (whole(ixit={}), "silence was waited for 0 s"),
        (whole(suite=suite(checkout=True)), "is a checkout of the sources"),
        (whole(suite=suite(steps="/toys")), "the steps of the suite were replaced"),
        (whole(suite=suite(version="1.0.dev3")), "(1.0.dev3) is no released version"),
        (whole(suite=suite(digest="0")), "another suite ran"),
        (
            replace(whole(), scenarios=whole().scenarios[3:]),
            "scenarios that the ICS calls for were not selected (3)",
        ),
        (replace(whole(), suite_errors=("x: y",)), "the suite had errors: x: y"),
        (replace(whole(), notes=("a line is cut",)), "the record has gaps: a line is cut"),
        (replace(whole(), broken_chains=("j: line 3",)), "the record was changed: j: line 3"),
        (replace(whole(), scenarios=()), "no scenario passed or failed"),
        (
            replace(
                whole(), scenarios=(*whole().scenarios, replace(whole().scenarios[0], id="./x:1"))
            ),
            "scenarios that are not of the suite ran (1): ./x:1",
        ),
    ],
)
def test_each_reason_is_told(results: Results, told: str) -> None:
    reasons = reasons_against(results, Rederived(), signed=True)

    assert any(told in reason for reason in reasons), reasons
    assert headline_of(results, reasons) == "not certifiable"


def test_what_does_not_follow_and_an_unsigned_bundle_stand_against_it() -> None:
    doubtful = Rederived(differences=["a: b"], left=["c: d"])

    assert reasons_against(whole(), doubtful, signed=False) == [
        "verdicts do not follow from the record: a: b",
        "not everything can be derived again: c: d",
        "nobody signs the bundle: give the laboratory's key (--key FILE)",
    ]


def test_scenarios_that_the_ics_does_not_claim_need_not_run() -> None:
    results = whole(ics={"services": ["mcptt"], "items": []})
    kept = [one for one in results.scenarios if not {"mcvideo", "mcdata"} & {*one.tags}]

    reasons = reasons_against(replace(results, scenarios=tuple(kept)), Rederived(), signed=True)

    assert reasons == []


def test_refused_certificate_leaves_no_file(laboratory: Laboratory, tmp_path: Path) -> None:
    with pytest.raises(NotBundled, match="cannot be certified") as refused:
        make_bundle(laboratory.results, tmp_path / "b.zip", laboratory.key, certify=True)

    reasons = refused.value.reasons
    assert [reason.split(":")[0] for reason in reasons] == [
        "the subject is a UE that comes with Muster, not a real one",
        "the suite that ran is a checkout of the sources, not an installed release",
        f"scenarios that the ICS calls for were not selected ({len(canonical_scenarios()) - 11})",
        "scenarios are INCONCLUSIVE (2)",
    ]
    assert list(tmp_path.iterdir()) == []


def test_certified_bundle_of_a_failing_ue_says_not_conformant(
    laboratory: Laboratory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journals as a release would have written them of a real UE, with the same evidence."""
    folder = as_of_a_real_ue(laboratory, tmp_path)
    results = read_results(folder)
    known = {one.id: canonical_scenarios()[one.id] for one in results.scenarios}
    monkeypatch.setattr(certification, "canonical_scenarios", lambda: known)

    made = make_bundle(folder, tmp_path / "b.zip", laboratory.key, certify=True)
    again = verify_bundle(tmp_path / "b.zip", laboratory.key.public_key())

    assert (made.headline, made.reasons) == ("not conformant", ())
    assert (again.remarks, again.manifest["certified"]) == ([], True)


def as_of_a_real_ue(laboratory: Laboratory, folder: Path) -> Path:
    bundle = opened(laboratory.bundle, folder)

    def real(events: list[dict[str, Any]]) -> None:
        events[1]["subject"]["builtin"] = False
        events[1]["suite"]["checkout"] = False

    def without_open(events: list[dict[str, Any]]) -> None:
        still = {e["scenario"] for e in events if e.get("verdict") == "INCONCLUSIVE"}
        collected = next(event for event in events if event["kind"] == "collected")
        collected["scenarios"] = [s for s in collected["scenarios"] if s["id"] not in still]
        kept = [event for event in events if event["scenario"] not in still]
        exchanges = [event["name"] for event in kept if event["kind"] == "exchange"]
        new = {old: f"X{number}" for number, old in enumerate(exchanges, start=1)}
        text = re.sub(r"\bX\d+\b", lambda name: new.get(name[0], name[0]), json.dumps(kept))
        events[:] = json.loads(text)

    bundle.chain_again(without_open)
    bundle.chain_again(real, CONTROLLER)
    for name, data in bundle.files.items():
        if name.startswith(("journal-", "bodies/")):
            path = folder / "results" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    shutil.rmtree(folder / "again-0", ignore_errors=True)
    return folder / "results"


def test_toy_steps_cannot_be_derived_again(laboratory: Laboratory) -> None:
    results = read_results(laboratory.results)
    told = {**results.campaign, "suite": {**results.campaign["suite"], "steps": "/toys"}}

    made = rederive.rederive(replace(results, campaign=told), load_catalogue())

    assert made.left[0] == "the campaign ran with other steps: its sentences are not compared"
