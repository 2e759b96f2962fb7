"""One event as a row of the sequence: plain members for the page, no markup.

A row has: t ("row"), n (its number), k (its kind), s (number of its scenario, -1 outside of any),
at (seconds since the scenario began; outside of any there is clock instead, seconds since 1970),
tone, and what its kind needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import unquote

from muster.evidence import Json, path_and_query
from muster.journal_files import Event
from reports.text import short

Item: TypeAlias = dict[str, Json]

NOTABLE = ("tls-failed", "plain-http", "unparsed", "cut-short", "reset")
"""What happens to a connection without leaving an exchange."""
LONGEST = 160
SECRET = re.compile(r"masked-([a-z_-]+)-([0-9a-f]{4})[0-9a-f]{8}")


def row_of(event: Event) -> Item | None:
    """Return the row of an event without its number; None for what is no row."""
    make = MAKERS.get(event["kind"])
    return {"t": "row", "tone": "", **made} if make and (made := make(event)) else None


def readable(text: object, limit: int = LONGEST) -> str:
    """Cut a text, and name masked secrets shortly."""
    return short(SECRET.sub(r"\1·\2", str(text)), limit)


def _exchange(event: Event) -> Item:
    status = _status(event)
    return {
        "k": "exchange",
        "name": event["name"],
        "system": event["system"],
        "server": event["server"],
        "in": event.get("direction") == "to_ue",
        "method": short(event["method"], 40),
        "label": readable(_target(event)),
        "status": "no answer" if status is None else str(status),
        "tone": "refused" if status is None or status >= 400 else "",
    }


def _status(event: Event) -> int | None:
    if event["protocol"] == "http":
        return None if event["status"] is None else int(event["status"])
    answers = event["responses"]
    return int(answers[-1]["status"]) if answers else None


def _target(event: Event) -> str:
    """What tells documents apart: usage and end of a path; of a SIP URI the user part."""
    if event["protocol"] == "http":
        *_, end = parts = path_and_query(event["target"])[0].rstrip("/").split("/")
        usage = next((part for part in parts[:-1] if part.startswith("org.")), "")
        words = [".".join(usage.split(".")[2:]), unquote(end) or "/"]
        return " ".join(word for word in words if word)
    uri: str = event["request_uri"]
    return uri.partition(":")[2].partition("@")[0] if "@" in uri else uri


def _connection(event: Event) -> Item | None:
    if event["event"] not in NOTABLE:
        return None
    detail = event.get("alert") or event.get("reason") or ""
    place = {"system": event["system"], "server": event["server"]}
    label = readable(f"{event['event']} {detail}".strip())
    return {"k": "connection", **place, "label": label, "tone": "refused"}


def _step(event: Event) -> Item:
    told = {"keyword": event["keyword"], "label": readable(event["text"], 300)}
    tone = {"failed": "finding", "stopped": "refused"}.get(event["status"], "")
    return {"k": "step", **told, "status": event["status"], "tone": tone}


def _stimulus(event: Event) -> Item:
    arguments = event["arguments"]
    given = arguments.values() if isinstance(arguments, Mapping) else ()
    words = [event["operation"], *(str(one) for one in given)]
    told = f"{' '.join(words)}: {event['answer']}"
    told += f" ({event['reason']})" if event["reason"] else ""
    tone = "" if event["answer"] == "done" else "refused"
    return {"k": "stimulus", "label": readable(told), "tone": tone}


def _wait(event: Event) -> Item:
    seconds = float(event["ends"]) - float(event["begins"])
    told = f"quiet for {seconds:.{1 if seconds >= 1 else 2}f} s after {event['after']}"
    return {"k": "wait", "label": readable(told)}


def _prompt(event: Event) -> Item:
    return {"k": "prompt", "label": readable(f"operator: {event['what']}", 300)}


def _answered(event: Event) -> Item:
    detail = f": {event['detail']}" if event["detail"] else ""
    return {"k": "prompt", "label": readable(f"operator answered {event['answer']}{detail}", 300)}


def _crash(event: Event) -> Item:
    return {"k": "crash", "label": readable(event["error"], 300), "tone": "error"}


def _verdict(event: Event) -> Item:
    reason = f" ({event['reason']})" if event["reason"] else ""
    label = readable(f"{event['verdict']}{reason}")
    told = readable(event["explanation"], 300)
    return {"k": "verdict", "verdict": event["verdict"], "label": label, "why": told}


MAKERS: Mapping[str, Callable[[Event], Item | None]] = {
    "connection": _connection,
    "exchange": _exchange,
    "prompt": _prompt,
    "prompt-answered": _answered,
    "scenario-started": lambda event: {"k": "scenario"},
    "step": _step,
    "stimulus": _stimulus,
    "stub-crash": _crash,
    "verdict": _verdict,
    "wait": _wait,
}
