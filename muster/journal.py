"""The journal of one process: append-only JSON Lines in a hash chain, flushed event by event.

Bodies lie beside it, by content hash. One writer per process; nobody rewrites a line.
"""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

from muster.errors import RecordLost
from muster.evidence import (
    Contact,
    Exchange,
    Fields,
    Finding,
    HttpExchange,
    Json,
    Judgement,
    SipAnswer,
    SipExchange,
    TokenUse,
)
from muster.masking import Masker, octets

SCHEMA_VERSION = 1
FIRST_LINK = "0" * 64
LOST = "the record cannot be written"
encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A line of the journal; what cannot be said in UTF-8 is seen to where it is written."""

_wall_at_start = time.time()
_monotonic_at_start = time.monotonic()


def now() -> float:
    """Seconds since 1970 that never run backwards in a process, whatever the clock does."""
    return _wall_at_start + (time.monotonic() - _monotonic_at_start)


class Journal:
    """Writes events and keeps the exchanges of the running scenario for its steps."""

    def __init__(
        self,
        folder: Path,
        worker: str,
        masker: Masker | None = None,
        *,
        keeps_bodies: bool = True,
    ) -> None:
        self.folder = folder
        self.worker = worker
        self.masker = masker or Masker()
        self._keeps_bodies = keeps_bodies
        self.path = folder / f"journal-{worker}.jsonl"
        self.bodies = folder / "bodies"
        self.bodies.mkdir(parents=True, exist_ok=True)
        self._bodies = str(self.bodies)  # thousands of bodies: a Path for each takes its time
        self.scenario = ""
        self.exchanges: list[Exchange] = []
        self.contacts: list[Contact] = []
        self.crashes: list[str] = []
        self._known_bodies: set[str] = set()
        self._count = 0
        self._chain = FIRST_LINK
        self.lost = ""
        """Why nothing can be written any more; empty while all is well."""
        self._changed = threading.Condition()
        self._file = self.path.open("ab")
        self.write("journal-opened", worker=worker, schema=SCHEMA_VERSION)

    def close(self) -> None:
        if self._file.closed:
            return
        if self.lost:
            with suppress(OSError):  # what could not be written is tried once more
                self._file.close()
            return
        self.write("journal-closed")
        self._file.close()

    @property
    def head(self) -> str:
        """The hash of the last event: what a controller lists to seal this journal."""
        return self._chain

    def write(self, kind: str, **members: Json) -> None:
        """Append one event; it is on its way to the disk when this returns."""
        with self._changed:
            self._append(kind, members)
            self._changed.notify_all()

    def _append(self, kind: str, members: Mapping[str, Json]) -> float:
        if self.lost:
            raise RecordLost(self.lost)
        at = round(now(), 6)
        event = {"kind": kind, "time": at, "scenario": self.scenario, **members}
        text = encoded(event)[:-1]
        payload = text.encode("utf-8", "backslashreplace")
        self._chain = sha256(self._chain.encode() + payload).hexdigest()
        try:
            self._file.write(payload + b',"chain":"' + self._chain.encode() + b'"}\n')
            self._file.flush()
        except OSError as error:
            raise self._losing(self.path, error) from error
        return at

    def _losing(self, path: Path | str, error: OSError) -> RecordLost:
        """Never write again: a verdict must not rest on a record with a hole."""
        told = error.strerror or type(error).__name__
        self.lost = (
            f"{LOST}: {path}: {told}. What was written before can be read: "
            f"correct that, then `muster report {self.folder}`"
        )
        return RecordLost(self.lost)

    def body(self, data: bytes) -> str:
        """Store a body by its hash, if bodies are kept; return the hash, empty for no body."""
        if not data:
            return ""
        digest = sha256(data).hexdigest()
        if self._keeps_bodies and digest not in self._known_bodies:
            if self.lost:
                raise RecordLost(self.lost)
            path = f"{self._bodies}/{digest}"
            try:
                with open(path, "wb", buffering=0) as file:
                    written = file.write(data)
                if written != len(data):  # what a full disk still takes
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except OSError as error:
                raise self._losing(path, error) from error
            self._known_bodies.add(digest)
        return digest

    # What stubs tell ---------------------------------------------------------------------------

    def begin(self, scenario: str) -> None:
        """Start a scenario: what came before is no evidence any more."""
        with self._changed:
            self.scenario = scenario
            self.exchanges = []
            self.contacts = []
            self.crashes = []

    def disregard(self) -> None:
        """What was seen so far is no evidence for this scenario; it stays in the record."""
        with self._changed:
            self.exchanges = []
            self.contacts = []

    def exchange(self, seen: Exchange) -> Exchange:
        """Mask, name and record an exchange; return it as checks will see it."""
        with self._changed:
            name = f"X{self._count + 1}"
            clean = (
                masked_http(seen, self.masker, name)
                if isinstance(seen, HttpExchange)
                else masked_sip(seen, self.masker, name)
            )
            self._append("exchange", exchange_event(clean, self.body))
            self._count += 1
            self.exchanges.append(clean)
            self._changed.notify_all()
        return clean

    def crash(self, where: str, error: BaseException) -> None:
        """A stub failed: the scenario is ERROR, never FAIL."""
        told = self.masker.mask_text(f"{where}: {type(error).__name__}: {error}")
        self.crashes.append(told)
        self.write("stub-crash", where=self.masker.mask_text(where), error=told)

    def connection(
        self, system: str, server: str, connection: str, event: str, **more: Json
    ) -> None:
        """Accept, TLS result or alert, close, bytes that no parser took."""
        members = {"system": system, "server": server, "connection": connection, "event": event}
        members.update(self.masker.mask_json(more))
        with self._changed:
            # The time of the event itself: a check's contact is then found again in the journal.
            at = self._append("connection", members)
            self.contacts.append(Contact(system, server, connection, event, at))
            self._changed.notify_all()

    def judgement(self, judgement: Judgement, weighed: Sequence[Finding]) -> None:
        self.write("judgement", **asdict(judgement), weighed=[asdict(found) for found in weighed])

    # What steps ask ----------------------------------------------------------------------------

    def wait_until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until something journalled makes the condition true; False when time is up."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not holds():
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True


def masked_http(seen: HttpExchange, masker: Masker, name: str) -> HttpExchange:
    masker.learn_credentials(seen.headers)
    mask = masker.of_message(_parts(seen))
    return replace(
        seen,
        name=name,
        target=mask.mask_text(seen.target),
        headers=mask.mask_fields(seen.headers),
        body=mask.mask_bytes(seen.body),
        response_headers=mask.mask_fields(seen.response_headers),
        response_body=mask.mask_bytes(seen.response_body),
        facts=mask.mask_json(seen.facts),
    )


def masked_sip(seen: SipExchange, masker: Masker, name: str) -> SipExchange:
    masker.learn_credentials(seen.headers)
    mask = masker.of_message(_parts(seen))

    def answer(given: SipAnswer) -> SipAnswer:
        headers, body = mask.mask_fields(given.headers), mask.mask_bytes(given.body)
        return replace(given, headers=headers, body=body)

    return replace(
        seen,
        name=name,
        request_uri=mask.mask_text(seen.request_uri),
        headers=mask.mask_fields(seen.headers),
        body=mask.mask_bytes(seen.body),
        facts=mask.mask_json(seen.facts),
        responses=tuple(answer(given) for given in seen.responses),
    )


def _parts(seen: Exchange) -> Iterator[bytes]:
    """Yield every text and every body of an exchange: where a secret can be."""
    yield seen.body
    if isinstance(seen, HttpExchange):
        yield seen.response_body
        texts = [seen.target, *_words(seen.headers), *_words(seen.response_headers)]
    else:
        yield from (answer.body for answer in seen.responses)
        texts = [seen.request_uri, *_words(seen.headers)]
        texts += [word for answer in seen.responses for word in _words(answer.headers)]
    yield octets("\n".join([*texts, *_strings(seen.facts)]))


def _words(fields: Fields) -> list[str]:
    return [word for pair in fields for word in pair]


def _strings(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list() | tuple():
            for item in value:
                yield from _strings(item)
        case dict():
            yield from _strings(list(value.values()))


def exchange_event(seen: Exchange, store: Callable[[bytes], str]) -> dict[str, Json]:
    """Return an exchange as members of an event: bodies by hash, everything else in the line."""
    event: dict[str, Json] = {"protocol": seen.kind}
    for name, value in vars(seen).items():
        if isinstance(value, bytes):
            event[name] = store(value)
        elif name == "tokens":
            event[name] = [vars(use) for use in value]
        elif name == "responses":
            event[name] = [{**vars(answer), "body": store(answer.body)} for answer in value]
        elif name != "kind":
            event[name] = value
    return event


def exchange_from_event(event: Mapping[str, Json], load: Callable[[str], bytes]) -> Exchange:
    """The inverse of `exchange_event`: what a report or `verify` sees of the wire."""

    def fields(pairs: Sequence[Sequence[str]]) -> Fields:
        return tuple((name, value) for name, value in pairs)

    members = dict(event)
    cls = HttpExchange if members.pop("protocol") == "http" else SipExchange
    wanted = {name: members[name] for name in cls.__dataclass_fields__ if name in members}
    wanted.pop("kind", None)
    wanted["headers"] = fields(wanted["headers"])
    wanted["body"] = load(wanted["body"])
    wanted["tokens"] = tuple(
        TokenUse(**{**use, "scopes": tuple(use["scopes"])}) for use in wanted["tokens"]
    )
    if cls is HttpExchange:
        wanted["response_headers"] = fields(wanted["response_headers"])
        wanted["response_body"] = load(wanted["response_body"])
    else:
        wanted["responses"] = tuple(
            SipAnswer(a["status"], a["reason"], fields(a["headers"]), load(a["body"]))
            for a in wanted["responses"]
        )
    return cls(**wanted)
