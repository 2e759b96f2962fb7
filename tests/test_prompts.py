"""Prompts: the first answer stands, silence is an answer, and nothing is half-written."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from muster.prompts import Choice, Prompt, Reply, answer_to, ask, give_answer, prompt_of

SIGN_IN = Prompt("sign_in", {"user": "alice"}, "Sign in as Alice.", "The requests.", 30.0, "a1")


def test_an_answer_reaches_the_worker_and_both_events_are_written(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []

    def write(kind: str, **members: Any) -> None:
        events.append({"kind": kind, **members})
        if kind == "prompt":
            threading.Timer(0.2, give_answer, (tmp_path, "a1", Choice.REFUSED, "no key")).start()

    reply = ask(tmp_path, write, SIGN_IN)

    assert reply == Reply(Choice.REFUSED, "no key")
    assert prompt_of(events[0]) == SIGN_IN
    assert events[1:] == [
        {"kind": "prompt-answered", "id": "a1", "answer": "refused", "detail": "no key"}
    ]


def test_the_first_of_many_answers_stands(tmp_path: Path) -> None:
    def answer(number: int) -> bool:
        return give_answer(tmp_path, "a1", Choice.DONE, str(number))

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(answer, range(40)))

    assert taken.count(True) == 1
    assert answer_to(tmp_path, "a1") == Reply(Choice.DONE, str(taken.index(True)))
    assert [path.name for path in (tmp_path / "answers").iterdir()] == ["a1.json"]


def test_silence_is_an_answer_and_a_later_one_is_too_late(tmp_path: Path) -> None:
    hasty = Prompt("power_on", {}, "Switch it on.", "Bootstrap.", 0.05, "a2")

    assert ask(tmp_path, lambda *a, **m: None, hasty) == Reply(Choice.SILENT)
    assert give_answer(tmp_path, "a2", Choice.DONE) is False


def test_a_prompt_without_an_answer_has_none(tmp_path: Path) -> None:
    assert answer_to(tmp_path, "a1") is None


@pytest.mark.parametrize("wrong", ["", "../x", "A1", "a/b", "a" * 41])
def test_what_can_be_no_id_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="can be no id"):
        give_answer(tmp_path, wrong, Choice.DONE)
