"""Follows the journals of a campaign while they are written; whole lines only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from muster.journal_files import Event

KINDS = (
    "collected",
    "scenario-started",
    "step",
    "suite-error",
    "verdict",
    "prompt",
    "prompt-answered",
)
FOLLOWED = tuple(f'{{"kind":"{kind}"'.encode() for kind in KINDS)
"""How the lines begin that tell how a campaign goes; what was exchanged is left to the reports."""


class JournalTail:
    """Gives each event of the workers' journals that tells how it goes, once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[Path, int] = {}

    def read(self) -> list[Event]:
        """Return what was written since the last call."""
        paths = sorted(self.folder.glob("journal-*.jsonl"))
        workers = (path for path in paths if path.name != "journal-controller.jsonl")
        return [event for path in workers for event in self._new(path)]

    def _new(self, path: Path) -> Iterator[Event]:
        begin = self._read.get(path, 0)
        with path.open("rb") as file:
            file.seek(begin)
            whole, _, _ = file.read().rpartition(b"\n")
        if whole:
            self._read[path] = begin + len(whole) + 1
            for line in whole.split(b"\n"):
                if line.startswith(FOLLOWED):
                    yield json.loads(line)
