"""What must not happen is waited for: each absence names a time that the record tells of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conftest import call_muster

UE = """[ue]
vendor = "Example"
model = "ER-1"
software = "4.2"
[ixit]
clock_scale = 0.5
"""
ABSENCES = (
    "service_authorisation/refusal.feature",
    "updates/notifications.feature",
    "bootstrap/certificates.feature",
)


def events(results: Path, kind: str) -> Iterator[dict[str, Any]]:
    for path in results.glob("journal-*.jsonl"):
        for line in path.read_bytes().splitlines():
            event = json.loads(line)
            if event["kind"] == kind:
                yield event


def windows(results: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The windows that checks were given, each with its scenario."""
    for judgement in events(results, "judgement"):
        for argument in judgement["arguments"].values():
            if isinstance(argument, dict) and argument.get("$type") == "Window":
                yield judgement["scenario"], argument["fields"]


def test_each_absence_ends_with_a_recorded_wait_at_the_clock_scale(tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(UE)

    ran = call_muster(tmp_path, "run", *ABSENCES, "--ue", str(tmp_path / "ue.toml"))

    (folder,) = (tmp_path / "results").iterdir()
    waits = {(one["scenario"], one["ends"]): one for one in events(folder, "wait")}
    found = list(windows(folder))
    assert (ran.code, len(found) >= 10) == (0, True)
    for scenario, window in found:
        wait = waits[scenario, window["ends"]]
        assert wait["scale"] == window["scale"] == 0.5
        assert window["begins"] <= wait["begins"] <= wait["ends"]
        assert wait["after"] == window["after"]
