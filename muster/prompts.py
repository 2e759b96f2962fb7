"""Prompts to an operator: how a worker asks, and how a terminal or a page answers.

The worker writes an event `prompt` and waits for `answers/<id>.json` in the results folder. Whoever
shows the prompt answers with `give_answer`; the first answer stands, whoever gave it. Then the
worker writes `prompt-answered`. Nothing that is secret may stand in a prompt.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from muster.evidence import Json
from muster.journal_files import Event

PROMPT = "prompt"
"""Kind of the event that asks; its members are those of `Prompt`."""
PROMPT_ANSWERED = "prompt-answered"
"""Kind of the event that ends a prompt; its members: id, answer, detail."""
FOLDER = "answers"
DETAIL_LIMIT = 2000
"""Characters of a detail that are kept."""
POLL_SECONDS = 0.1

_ID = re.compile(r"[0-9a-z]{1,40}")


class Choice(StrEnum):
    """What an operator can say; `silent` is what the worker writes when the time is over."""

    DONE = "done"
    REFUSED = "refused"
    CANNOT = "cannot"
    SILENT = "silent"


OFFERED = (Choice.DONE, Choice.REFUSED, Choice.CANNOT)
"""The buttons, in their order."""
MEANING: Mapping[Choice, str] = {
    Choice.DONE: "the UE did it, or tried to the end",
    Choice.REFUSED: "the UE said no",
    Choice.CANNOT: "this UE has no way to do it",
}


@dataclass(frozen=True)
class Prompt:
    """One thing that a person is to do at the UE."""

    operation: str
    arguments: Mapping[str, Json]
    what: str
    """What to do, in one or a few sentences."""
    why: str
    """What Muster looks at meanwhile."""
    seconds: float
    """How long the worker waits from the time of the event on."""
    id: str = field(default_factory=lambda: secrets.token_hex(8))


@dataclass(frozen=True)
class Reply:
    """How a prompt ended."""

    answer: Choice
    detail: str = ""


def prompt_of(event: Event) -> Prompt:
    """Return the prompt that an event of kind `prompt` tells of."""
    return Prompt(
        operation=str(event["operation"]),
        arguments=dict(event["arguments"]),
        what=str(event["what"]),
        why=str(event["why"]),
        seconds=float(event["seconds"]),
        id=str(event["id"]),
    )


def give_answer(results: Path, prompt_id: str, answer: Choice, detail: str = "") -> bool:
    """Answer a prompt; False if it has an answer already. ValueError for what can be no id."""
    path = _place(results, prompt_id)
    path.parent.mkdir(exist_ok=True)
    text = json.dumps({"answer": answer.value, "detail": detail[:DETAIL_LIMIT]})
    written = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    written.write_text(text, encoding="utf-8")
    try:
        # A link is made whole or not at all, and never in place of another.
        os.link(written, path)
    except FileExistsError:
        return False
    finally:
        written.unlink()
    return True


def answer_to(results: Path, prompt_id: str) -> Reply | None:
    """Return the answer that a prompt has, or None."""
    try:
        told = json.loads(_place(results, prompt_id).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Reply(Choice(told["answer"]), str(told["detail"]))


def ask(results: Path, write: Callable[..., None], prompt: Prompt) -> Reply:
    """Ask as a worker: write the event, wait for the answer, write how it ended."""
    write(PROMPT, **asdict(prompt))
    deadline = time.monotonic() + prompt.seconds
    reply = answer_to(results, prompt.id)
    while reply is None:
        if time.monotonic() >= deadline:
            # Also the silence is an answer: one that comes later is told that it is too late.
            give_answer(results, prompt.id, Choice.SILENT)
        else:
            time.sleep(POLL_SECONDS)
        reply = answer_to(results, prompt.id)
    write(PROMPT_ANSWERED, id=prompt.id, answer=reply.answer.value, detail=reply.detail)
    return reply


def _place(results: Path, prompt_id: str) -> Path:
    if not _ID.fullmatch(prompt_id):
        raise ValueError(f"{prompt_id!r} can be no id of a prompt")
    return results / FOLDER / f"{prompt_id}.json"
