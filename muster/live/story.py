"""What the page shows, folded from the events of a campaign: items that carry a number of change.

A page that saw everything up to a number gets what changed after it; one that saw nothing gets the
state and the latest rows. So neither a reload nor a long campaign costs more than a screenful.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from muster.evidence import Json
from muster.journal_files import Event
from muster.live.follow import Line
from muster.live.kept import Changes, Kept, Rows
from muster.live.rows import Item, row_of
from muster.prompts import PROMPT, PROMPT_ANSWERED, prompt_of
from muster.requirements import Catalogue
from reports.text import short

SHOWN_OF_A_FINDING = 5
MOST_ARGUMENTS = 100
LONGEST_ARGUMENT = 20_000
"""Characters; the certificates of the authorities are the longest."""
OVER = "over"
"""State of a prompt that nobody waits for any more."""


class Story:
    """Folds events; everything it gives away is JSON in which nothing acts."""

    def __init__(self, catalogue: Catalogue | None = None, report: str = "") -> None:
        self.catalogue = catalogue
        self.report = report
        """Where the report will be, for a person."""
        self.changes = Changes()
        self.rows = Rows(self.changes)
        self.open_prompts: dict[str, Item] = {}
        self._things: Kept[str] = Kept(self.changes)
        self._scenarios: dict[str, Item] = {}
        self._findings: dict[tuple[str, str], Item] = {}
        self._errors = 0

    @property
    def number(self) -> int:
        """Of the latest change."""
        return self.changes.number

    # What happened ---------------------------------------------------------------------------

    def feed(self, lines: Iterable[Line]) -> None:
        for line in lines:
            try:
                self._take(line)
            except (LookupError, TypeError, ValueError, AttributeError):
                # A journal of another version or an altered one: the reports tell of it.
                continue

    def _take(self, line: Line) -> None:
        event = line.event
        match event["kind"]:
            case "campaign":
                self._things.put("campaign", _campaign(event))
            case "collected":
                for entry in event["scenarios"]:
                    self._collected(entry)
            case "scenario-started":
                self._scenario(event, state="running", began=event["time"])
            case "suite-error":
                self._errors += 1
                told = short(f"{event['where']}: {event['message']}", 1000)
                self._things.put(f"error {self._errors}", {"t": "error", "what": told})
            case "judgement":
                self._judged(line)
            case "interrupted":
                self._things.put("interrupted", {"t": "interrupted"})
            case "chain-heads":
                self._close_prompts(None)
                self._things.put("end", {"t": "end", "time": event["time"], "report": self.report})
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
        if began is None:
            made["clock"] = _began(event)
        else:
            made["at"] = max(0.0, round(_began(event) - began, 3))
        self.rows.add(line, made)

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
            self._things.put(f"scenario {item['s']}", item)
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
            number = self.rows.number_of(line.worker, name)
            if number is not None:
                self.rows.evidence[number].judgements.append(line.place)
        for found in event["weighed"]:
            if found["severity"]:
                self._found(found, line.worker, scenario)

    def _found(self, found: Event, worker: str, scenario: Item) -> None:
        key = found["requirement"], found["severity"]
        exchange = self.rows.number_of(worker, found["exchange"])
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
        self._things.put(f"finding {key[0]} {key[1]}", item)
        self._scenario({"scenario": scenario["id"]}, found=scenario["found"] + 1)
        if exchange is not None:
            self.rows.mark(exchange, found["severity"])

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
        self._things.put(f"prompt {prompt.id}", item)

    def _close(self, name: str, answer: str, detail: str = "") -> None:
        item = self.open_prompts.pop(name, None)
        if item is not None:
            self._things.put(
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
            things = [text for key, text in self._things.all() if self._is_of_now(key)]
        else:
            things = [text for _, text in self._things.since(number)]
        items = [*things, *self.rows.since(number)]
        return _batch(items, reset=number is None, number=self.number, rows=self.rows.total)

    def _is_of_now(self, key: str) -> bool:
        return not key.startswith("prompt ") or key.removeprefix("prompt ") in self.open_prompts

    def page_of_rows(self, scenario: int | None, before: int | None) -> str:
        """Return the rows before a number as JSON, of one scenario or of all."""
        items, more = self.rows.before(scenario, before)
        return _batch(items, more=more, rows=self.rows.total)


def _batch(items: Iterable[str], **head: Json) -> str:
    return f'{json.dumps(head)[:-1]}, "items": [{",".join(items)}]}}'


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
