"""A campaign that a test writes event by event, while somebody follows it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from muster.evidence import Finding, Json, Judgement
from muster.journal import Journal
from muster.prompts import Prompt
from tests.reports.sample import entry, http, kill, open_campaign, sip

REQUIREMENT = "TS23280-10.1.1.2-04"
SCENARIOS = (
    entry("bootstrap", "The terminal reads its initial configuration", 14, "Bootstrap"),
    entry("migration", "Alice migrates to the partner system", 18, "Migration"),
)
SIGN_IN = Prompt(
    "sign_in",
    {"user": "alice"},
    "Sign in as Alice.",
    "Muster watches the token requests.",
    120.0,
    "a1b2",
)


@dataclass
class Written:
    """The journals of a campaign that goes on."""

    folder: Path
    worker: Journal = field(init=False)
    controller: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.controller = Journal(self.folder, "controller")
        self.worker = Journal(self.folder, "main")
        open_campaign(self.controller, builtin=False)
        self.worker.write("collected", scenarios=list(SCENARIOS))

    def begin(self, number: int = 0) -> None:
        self.worker.begin(SCENARIOS[number]["id"])
        self.worker.write("scenario-started")

    def get(self, target: str = "/doc.xml", system: str = "primary", **more: Json) -> str:
        seen = http(system, "cms", "GET", target, 200)
        return self.worker.exchange(replace(seen, **more)).name

    def notify(self, system: str = "primary") -> str:
        seen = sip(system, "NOTIFY", "sip:ue@127.0.0.1:5062", 200, direction="to_ue")
        return self.worker.exchange(seen).name

    def depart(self, name: str, observed: str = "another", severity: str = "FAIL") -> None:
        found = Finding(REQUIREMENT, "one", observed, name)
        judgement = Judgement("checks.holds", (REQUIREMENT,), {}, (name,), (found,), "It holds.")
        self.worker.judgement(judgement, [replace(found, severity=severity)])

    def verdict(self, verdict: str = "PASS", reason: str = "", explanation: str = "") -> None:
        told = {"verdict": verdict, "reason": reason, "explanation": explanation}
        self.worker.write("verdict", **told, findings=[], duration=0.2)

    def ask(self, prompt: Prompt = SIGN_IN) -> None:
        self.worker.write("prompt", **vars(prompt))

    def answered(self, answer: str = "done", detail: str = "", prompt: str = SIGN_IN.id) -> None:
        self.worker.write("prompt-answered", id=prompt, answer=answer, detail=detail)

    def end(self) -> None:
        self.worker.close()
        self.controller.write("chain-heads", heads={})
        self.controller.close()

    def close(self) -> None:
        kill(self.worker, self.controller)


def items(text: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(text)["items"]
    return told


def rows(text: str) -> list[dict[str, Any]]:
    return [item for item in items(text) if item["t"] == "row"]
