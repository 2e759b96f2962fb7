"""What the page shows, folded from the events of a campaign: items that carry a number of change.

A page that saw everything up to a number gets what changed after it; one that saw nothing gets the
state and the latest rows. So neither a reload nor a long campaign costs more than a screenful.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TypeVar

from muster.evidence import Json
from muster.journal_files import Event
from muster.live.follow import Line, Place
from muster.live.rows import Item, row_of
from muster.prompts import PROMPT, PROMPT_ANSWERED, prompt_of
from muster.requirements import Catalogue
from reports.text import short, visible

Key = TypeVar("Key", bound=Hashable)

WINDOW = 300
"""Rows that a page holds at once."""
SHOWN_OF_A_FINDING = 5
MOST_ARGUMENTS = 100
LONGEST_ARGUMENT = 20_000
"""Characters; the certificates of the authorities are the longest."""
OVER = "over"
"""State of a prompt that nobody waits for any more."""


@dataclass(frozen=True)
class Evidence:
    """Where the journals hold an exchange and the checks that looked at it."""

    exchange: Place
    worker: str
    scenario: int
    judgements: list[Place] = field(default_factory=list)


@dataclass(frozen=True)
class _Kept:
    number: int
    """Of the change that made it what it is."""
    text: str


class Story:
    """Folds events; everything it gives away is JSON in which nothing acts."""

    def __init__(self, catalogue: Catalogue | None = None, report: str = "") -> None:
        self.catalogue = catalogue
        self.report = report
        """Where the report will be, for a person."""
        self.number = 0
        """Of the latest change."""
        self.ended = False
        self.open_prompts: dict[str, Item] = {}
        self.evidence: dict[int, Evidence] = {}
        self._things: dict[str, _Kept] = {}
        self._rows: list[str] = []
        self._changed_rows: dict[int, _Kept] = {}
        self._rows_of: dict[int, list[int]] = {}
        self._scenarios: dict[str, Item] = {}
        self._findings: dict[tuple[str, str], Item] = {}
        self._exchanges: dict[tuple[str, str], int] = {}
        self._steps: dict[tuple[str, int], int] = {}
        self._errors = 0

    # What happened ---------------------------------------------------------------------------

    def feed(self, lines: Iterable[Line]) -> None:
        for line in lines:
            try:
                self._take(line)
            except (KeyError, TypeError, ValueError, AttributeError):
                # A journal of another version or an altered one: the reports tell of it.
                continue

    def _take(self, line: Line) -> None:
        event = line.event
        match event["kind"]:
            case "campaign":
                self._keep("campaign", _campaign(event))
            case "collected":
                for entry in event["scenarios"]:
                    self._collected(entry)
            case "scenario-started":
                self._scenario(event, state="running", began=event["time"])
            case "suite-error":
                self._errors += 1
                told = short(f"{event['where']}: {event['message']}", 1000)
                self._keep(f"error {self._errors}", {"t": "error", "what": told})
            case "judgement":
                self._judged(line)
            case "interrupted":
                self._keep("interrupted", {"t": "interrupted"})
            case "chain-heads":
                self.ended = True
                self._close_prompts(None)
                self._keep("end", {"t": "end", "time": event["time"], "report": self.report})
        self._add_row(line)
        match event["kind"]:
            case "verdict":
                self._settled(event)
            case _ if event["kind"] == PROMPT:
                self._asked(event)
            case _ if event["kind"] == PROMPT_ANSWERED:
                self._close(event["id"], event["answer"], event["detail"])

    def _add_row(self, line: Line) -> None:
        event, made = line.event, row_of(line.event)
        if made is None:
            return
        scenario = self._scenario(event) if event["scenario"] else None
        began = scenario["began"] if scenario else None
        made["s"] = scenario["s"] if scenario else -1
        made["at"] = max(0.0, round(_began(event) - began, 3)) if began is not None else None
        step = (event["scenario"], int(event.get("index", -1)))
        if event["kind"] == "step" and step in self._steps:
            self._put_row(self._steps[step], made)
            return
        number = len(self._rows)
        self._rows.append("")
        self._rows_of.setdefault(made["s"], []).append(number)
        if event["kind"] == "step":
            self._steps[step] = number
        elif event["kind"] == "exchange":
            self._exchanges[line.worker, event["name"]] = number
            self.evidence[number] = Evidence(line.place, line.worker, made["s"])
        self._put_row(number, made)

    def _put_row(self, number: int, row: Item) -> None:
        self.number += 1
        self._rows[number] = encoded({**row, "n": number})
        self._changed_rows.pop(number, None)
        self._changed_rows[number] = _Kept(self.number, self._rows[number])

    def _keep(self, key: str, item: Item) -> None:
        self.number += 1
        self._things.pop(key, None)
        self._things[key] = _Kept(self.number, encoded(item))

    # Scenarios -------------------------------------------------------------------------------

    def _collected(self, entry: Event) -> None:
        if entry["id"] not in self._scenarios:
            self._scenario({"scenario": entry["id"]}, title=entry["title"], area=entry["area"])

    def _scenario(self, event: Mapping[str, Json], **changed: Json) -> Item:
        name = event["scenario"]
        item = self._scenarios.get(name)
        if item is None:
            item = {"t": "scenario", "s": len(self._scenarios), "id": name, "title": name}
            item |= {"area": "", "state": "waiting", "reason": "", "found": 0, "began": None}
            self._scenarios[name] = item
            changed = {"state": "waiting", **changed}
        if changed:
            item.update(changed)
            self._keep(f"scenario {item['s']}", item)
        return item

    def _settled(self, event: Event) -> None:
        told = {"reason": event["reason"], "why": short(event["explanation"], 500)}
        item = self._scenario(event, state=event["verdict"], took=event["duration"], **told)
        self._close_prompts(item["s"])

    # Checks ----------------------------------------------------------------------------------

    def _judged(self, line: Line) -> None:
        event = line.event
        scenario = self._scenario(event)
        for name in event["exchanges"]:
            number = self._exchanges.get((line.worker, name))
            if number is not None:
                self.evidence[number].judgements.append(line.place)
        for found in event["weighed"]:
            if found["severity"]:
                self._found(found, line.worker, scenario)

    def _found(self, found: Event, worker: str, scenario: Item) -> None:
        key = found["requirement"], found["severity"]
        exchange = self._exchanges.get((worker, found["exchange"]))
        item = self._findings.get(key)
        if item is None:
            item = {"t": "finding", "severity": key[1], "count": 0, "latest": []}
            item |= self.requirement(key[0])
            self._findings[key] = item
        instance = {
            "expected": short(found["expected"], 600),
            "observed": short(found["observed"], 600),
            "s": scenario["s"],
            "row": exchange,
            "exchange": found["exchange"],
        }
        item["count"] += 1
        item["latest"] = [instance, *item["latest"]][:SHOWN_OF_A_FINDING]
        self._keep(f"finding {key[0]} {key[1]}", item)
        self._scenario({"scenario": scenario["id"]}, found=scenario["found"] + 1)
        if exchange is not None:
            row = json.loads(self._rows[exchange])
            if row["tone"] != "finding":
                tone = "finding" if found["severity"] == "FAIL" else "warning"
                self._put_row(exchange, {**row, "tone": tone})

    def requirement(self, name: str) -> Item:
        """Return what the catalogue says of a requirement."""
        known = self.catalogue.requirements.get(name) if self.catalogue else None
        if known is None:
            return {"requirement": name, "clause": "", "statement": "", "weight": ""}
        weight = f"{known.level}, {known.basis}"
        told = {"clause": known.clause, "statement": known.statement, "weight": weight}
        return {"requirement": name, **told}

    # Prompts ---------------------------------------------------------------------------------

    def _asked(self, event: Event) -> None:
        prompt = prompt_of(event)
        scenario = self._scenario(event)["s"] if event["scenario"] else -1
        item = {
            "t": "prompt",
            "id": prompt.id,
            "operation": prompt.operation,
            "arguments": [[name, _argument(one)] for name, one in prompt.arguments.items()],
            "what": short(prompt.what, 2000),
            "why": short(prompt.why, 2000),
            "asked": event["time"],
            "seconds": prompt.seconds,
            "s": scenario,
            "state": "open",
        }
        self.open_prompts[prompt.id] = item
        self._keep(f"prompt {prompt.id}", item)

    def _close(self, name: str, answer: str, detail: str = "") -> None:
        item = self.open_prompts.pop(name, None)
        if item is not None:
            self._keep(
                f"prompt {name}", {**item, "state": answer, "detail": short(str(detail), 500)}
            )

    def _close_prompts(self, scenario: int | None) -> None:
        for name, item in list(self.open_prompts.items()):
            if scenario is None or item["s"] == scenario:
                self._close(name, OVER)

    # What a page is told ---------------------------------------------------------------------

    def since(self, number: int | None) -> str:
        """Return what changed after a number as JSON; for None the state and the latest rows."""
        if number is None:
            things = [kept.text for key, kept in self._things.items() if self._is_of_now(key)]
            rows = self._rows[-WINDOW:]
        else:
            things = [kept.text for _, kept in _after(self._things, number)]
            # A row that changed keeps its place: a page that has not got it yet appends it there.
            changed = sorted(_after(self._changed_rows, number), key=lambda row: row[0])
            rows = [kept.text for _, kept in changed[-WINDOW:]]
        head = {"reset": number is None, "number": self.number, "rows": len(self._rows)}
        return f'{json.dumps(head)[:-1]}, "items": [{",".join([*things, *rows])}]}}'

    def _is_of_now(self, key: str) -> bool:
        return not key.startswith("prompt ") or key.removeprefix("prompt ") in self.open_prompts

    def rows(self, scenario: int | None, before: int | None) -> str:
        """Return the rows before a number as JSON, of one scenario or of all."""
        numbers = range(len(self._rows)) if scenario is None else self._rows_of.get(scenario, [])
        earlier = [one for one in numbers if before is None or one < before]
        chosen = earlier[-WINDOW:]
        head = {"more": len(earlier) - len(chosen), "rows": len(self._rows)}
        items = ",".join(self._rows[one] for one in chosen)
        return f'{json.dumps(head)[:-1]}, "items": [{items}]}}'


def _after(kept: dict[Key, _Kept], number: int) -> list[tuple[Key, _Kept]]:
    """What changed after a number, the earliest first."""
    return list(takewhile(lambda one: one[1].number > number, reversed(kept.items())))[::-1]


def _argument(value: Json) -> Json:
    """A text, or a table of texts: what a person has to enter somewhere."""
    if isinstance(value, Mapping):
        rows = list(value.items())[:MOST_ARGUMENTS]
        return [[str(name), short(str(one), LONGEST_ARGUMENT)] for name, one in rows]
    return short(str(value), LONGEST_ARGUMENT)


def _began(event: Event) -> float:
    return float(event.get("started", event["time"]))


def _campaign(event: Event) -> Item:
    subject, suite = event["subject"], event["suite"]
    name = " ".join(str(subject.get(one, "")) for one in ("vendor", "model", "software"))
    return {
        "t": "campaign",
        "subject": name.strip(),
        "builtin": subject.get("builtin") is not False,
        "suite": f"{suite['name']} {suite['version']}",
        "began": event["time"],
    }


def encoded(value: Json) -> str:
    """Write JSON in which every text is visible: no character of it steers a reader's screen."""
    return json.dumps(_inert(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def _inert(value: Json) -> Json:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {visible(str(key)): _inert(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_inert(one) for one in value]
    return value
