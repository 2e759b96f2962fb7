"""The files of a results folder: journals with their hash chains, and bodies by content hash.

Reads whatever is whole; what is missing, cut or altered is told, not raised.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from muster.errors import SuiteError
from muster.evidence import Json
from muster.journal import FIRST_LINK, SCHEMA_VERSION

Event: TypeAlias = Mapping[str, Json]

CHAIN = b',"chain":"'
BODY_NAME = re.compile(r"[0-9a-f]{64}")


class UnreadableResults(SuiteError):
    """A folder that holds no results of a campaign, or results that this version cannot read."""


@dataclass(frozen=True)
class JournalFile:
    """The whole lines of one journal, and what is wrong with it."""

    name: str
    events: tuple[Event, ...]
    head: str
    broken: str
    """Empty, or where the chain breaks first."""
    notes: tuple[str, ...]
    schema: int = SCHEMA_VERSION

    @property
    def newer(self) -> bool:
        """True if a later version of Muster wrote it, which may mean more than is read here."""
        return self.schema > SCHEMA_VERSION

    @property
    def worker(self) -> str:
        return self.name.removeprefix("journal-").removesuffix(".jsonl")


def read_journal(path: Path) -> JournalFile:
    """Read the whole lines of a journal and follow its chain."""
    # Only "\n" ends a line: texts of a UE may hold any other line separator of Unicode.
    *lines, rest = path.read_bytes().split(b"\n")
    notes = [f"{path.name}: the last line is not whole and was left out"] if rest else []
    events: list[Event] = []
    head, broken = FIRST_LINK, ""
    for number, line in enumerate(lines, start=1):
        payload = line.rpartition(CHAIN)[0]
        expected = sha256(head.encode() + payload).hexdigest()
        head = _link(line)
        if head != expected and not broken:
            broken = f"{path.name}: line {number} does not continue the chain"
        event = _event(line)
        if event is None:
            notes.append(f"{path.name}: line {number} cannot be read and was left out")
        else:
            events.append(event)
    schema = _schema(events)
    if schema > SCHEMA_VERSION:
        notes.append(
            f"{path.name} has schema version {schema}; this version of Muster reads up to"
            f" {SCHEMA_VERSION}: what is new in it is left out"
        )
    return JournalFile(path.name, tuple(events), head, broken, tuple(notes), schema)


def _event(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    known = isinstance(event, dict) and isinstance(event.get("kind"), str)
    timed = known and isinstance(event.get("time"), int | float)
    return event if timed and isinstance(event.get("scenario"), str) else None


def _schema(events: Sequence[Event]) -> int:
    told = (event.get("schema") for event in events if event["kind"] == "journal-opened")
    return max((version for version in told if isinstance(version, int)), default=SCHEMA_VERSION)


def last_link(path: Path) -> str:
    """The hash of the last whole line of a journal, without reading the lines before it."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        end, tail = file.tell(), b""
        while end and tail.count(b"\n") < 2:
            begin = max(0, end - 65536)
            file.seek(begin)
            tail, end = file.read(end - begin) + tail, begin
    *whole, _ = tail.split(b"\n")
    return _link(whole[-1]) if whole else FIRST_LINK


def _link(line: bytes) -> str:
    return line.rpartition(CHAIN)[2].removesuffix(b'"}').decode("ascii", "replace")


def read_journals(folder: Path) -> list[JournalFile]:
    """Read all journals of a folder, the controller's last."""
    if not folder.is_dir():
        raise UnreadableResults(f"{folder} is not a folder")
    paths = sorted(folder.glob("journal-*.jsonl"))
    if not paths:
        raise UnreadableResults(f"{folder} holds no journal of a campaign (journal-*.jsonl)")
    journals = [read_journal(path) for path in paths]
    # The controller speaks last: it writes verdicts only for what workers left open.
    return sorted(journals, key=lambda journal: journal.worker == "controller")


def chain_breaks(journals: Sequence[JournalFile], heads: Json) -> Iterable[str]:
    yield from (journal.broken for journal in journals if journal.broken)
    if not isinstance(heads, Mapping):
        return
    by_name = {journal.name: journal for journal in journals}
    for name, head in heads.items():
        if name not in by_name:
            yield f"{name}: the controller lists it, but it is not in the folder"
        elif by_name[name].head != head and not by_name[name].broken:
            yield f"{name}: it does not end where the controller says"
    for journal in journals:
        if journal.worker != "controller" and journal.name not in heads:
            yield f"{journal.name}: the controller does not list it"


class Bodies:
    """Loads bodies by hash; tells which are missing or are not what was stored."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.missing: set[str] = set()
        self.altered: list[str] = []
        self._loaded: dict[str, bytes] = {"": b""}

    def load(self, name: str) -> bytes:
        if name not in self._loaded:
            self._loaded[name] = self._read(name)
        return self._loaded[name]

    def _read(self, name: str) -> bytes:
        try:
            # The name is checked first: a journal from elsewhere may not name other files.
            data = (self.folder / name).read_bytes() if BODY_NAME.fullmatch(name) else None
        except OSError:
            data = None
        if data is None:
            self.missing.add(name)
            return b""
        if sha256(data).hexdigest() != name:
            self.altered.append(f"bodies/{name}: its content was changed")
        return data

    @property
    def notes(self) -> list[str]:
        return [f"bodies/{name}: missing in the results folder" for name in sorted(self.missing)]
