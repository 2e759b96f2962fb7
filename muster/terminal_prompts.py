"""Prompts of an operator on the terminal of the campaign; the page may answer first."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from muster.journal_files import Event
from muster.progress import Progress, harmless
from muster.prompts import (
    MEANING,
    OFFERED,
    PROMPT,
    PROMPT_ANSWERED,
    Choice,
    Prompt,
    give_answer,
    prompt_of,
)

LETTERS = {choice.value[0]: choice for choice in OFFERED}
LONGEST_LINE = 4096


class TerminalPrompts:
    """Shows each prompt, and reads the answer without keeping the campaign waiting."""

    def __init__(
        self, console: Console, results: Path, progress: Progress, source: TextIO | None = None
    ) -> None:
        self._console = console
        self._results = results
        self._progress = progress
        self._source = source or sys.stdin
        self._open: Prompt | None = None
        self._typed = b""
        self._count = 0
        self._ended = not self._source.isatty()

    def feed(self, events: Sequence[Event]) -> None:
        """Show what is asked and what was answered; take what was typed."""
        for event in events:
            if event["kind"] == PROMPT:
                self._show(prompt_of(event), str(event.get("scenario", "")))
            elif event["kind"] == PROMPT_ANSWERED and self._open is not None:
                self._close(event)
        if self._open is not None:
            self._read()

    def _show(self, prompt: Prompt, scenario: str) -> None:
        self._progress.pause()
        self._open = prompt
        self._count += 1
        self._typed = b""
        self._discard()
        self._print()
        self._print(f"[{self._count}] {scenario}: {prompt.operation}", "bold")
        self._print(f"    {prompt.what}")
        for name, value in prompt.arguments.items():
            if prompt.operation == "reset":
                for line in _lines(value):
                    self._print(f"      {name}: {line}", "dim")
        self._print(f"    why: {prompt.why}")
        until = time.strftime("%H:%M:%S", time.localtime(time.time() + prompt.seconds))
        self._print(f"    Muster waits {prompt.seconds:g} s, until {until}.")
        if not self._ended:
            self._ask()

    def _ask(self) -> None:
        offered = ", ".join(f"{one.value[0]} = {one.value} ({MEANING[one]})" for one in OFFERED)
        self._print(f"    {offered}; a reason may follow. Then Enter:", "bold")

    def _close(self, event: Event) -> None:
        assert self._open
        if event["id"] != self._open.id:
            return
        silent = event["answer"] == Choice.SILENT.value
        detail = f": {event['detail']}" if event["detail"] else ""
        self._print("    too late" if silent else f"    {event['answer']}{detail}", "yellow")
        self._open = None
        self._progress.resume()

    def _read(self) -> None:
        """Take whole lines only: the terminal itself lets a person correct what is typed."""
        while not self._ended and select.select([self._source], [], [], 0)[0]:
            data = os.read(self._source.fileno(), LONGEST_LINE)
            if not data:
                self._ended = True
                return
            self._typed += data
            line, newline, rest = self._typed.partition(b"\n")
            if newline:
                self._typed = rest
                self._take(line.decode("utf-8", "replace").strip())
                return

    def _take(self, line: str) -> None:
        word, _, detail = line.partition(" ")
        choice = LETTERS.get(word[:1].lower()) if word else None
        if choice is None or not choice.value.startswith(word.lower()):
            self._ask()
            return
        assert self._open
        give_answer(self._results, self._open.id, choice, detail.strip())

    def _discard(self) -> None:
        """What was typed before a prompt was shown is no answer to it."""
        while not self._ended and select.select([self._source], [], [], 0)[0]:
            if not os.read(self._source.fileno(), LONGEST_LINE):
                self._ended = True

    def _print(self, line: str = "", style: str = "") -> None:
        self._console.print(Text(harmless(line), style), soft_wrap=True, highlight=False)


def _lines(value: object) -> list[str]:
    """Show a value of the provisioning; host names stand beside their address."""
    if isinstance(value, dict):
        by_meaning: dict[str, list[str]] = {}
        for name, one in value.items():
            by_meaning.setdefault(str(one), []).append(name)
        return [f"{', '.join(names)} = {one}" for one, names in by_meaning.items()]
    text = str(value)
    if text.startswith("-----BEGIN"):
        return [f"{text.count('-----BEGIN')} certificates, as in the journal and on the page"]
    return [text]
