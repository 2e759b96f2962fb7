"""Masks secrets by value, in every encoding they occur in, before anything is written.

A masked value is replaced by a label that tells equal values apart from different ones: an HMAC
under a key that the campaign throws away.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import html
import json
import re
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from heapq import heapify, heappop, heappush
from typing import Any
from urllib.parse import quote

SHORTEST_SECRET = 6
"""Shorter values would mask ordinary words; worlds and `ue.toml` refuse them as passwords."""

PROBE = 24
"""Bytes of a form that are looked for before the whole of it."""

WORD_CHARACTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=%_-."
LONG_WORD = 16
FEW = 24
"""As many probes are looked for in a document sooner than its long words are found."""
_OTHERS_BLANK = bytes(octet if octet in WORD_CHARACTERS else 32 for octet in range(256))

CREDENTIALS = ("authorization", "proxy-authorization")
ESCAPE = re.compile(r"%[0-9A-F]{2}")
BASIC = re.compile(r"^\s*basic\s+(\S+)", re.IGNORECASE)


class Masking:
    """What can be masked: whoever can mask bytes can mask the rest."""

    def mask_bytes(self, data: bytes) -> bytes:
        raise NotImplementedError

    def credentials(self, value: str) -> str:
        """Return what stands for the credentials of the Basic scheme."""
        raise NotImplementedError

    def mask_text(self, text: str) -> str:
        before = octets(text)
        after = self.mask_bytes(before)
        same = after is before and text.isascii()  # others may hold what UTF-8 cannot
        return text if same else after.decode("utf-8", "replace")

    def mask_fields(self, fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Mask header fields; credentials of the Basic scheme are masked as a whole."""
        pairs = tuple(fields)
        if any(name.lower() in CREDENTIALS for name, _ in pairs):
            pairs = tuple((name, self._without_basic(name, value)) for name, value in pairs)
        everything = "\n".join([part for pair in pairs for part in pair])
        masked = self.mask_text(everything)
        if masked == everything:
            return pairs
        ends = 2 * len(pairs) - 1
        if everything.count("\n") == masked.count("\n") == ends:  # no part holds one
            parts = masked.split("\n")
            return tuple(zip(parts[::2], parts[1::2], strict=True))
        return tuple((self.mask_text(name), self.mask_text(value)) for name, value in pairs)

    def mask_json(self, value: Any) -> Any:
        """Mask every string of a JSON value."""
        match value:
            case str():
                return self.mask_text(value)
            case list() | tuple():
                return [self.mask_json(item) for item in value]
            case dict():
                return {key: self.mask_json(item) for key, item in value.items()}
        return value

    def _without_basic(self, name: str, value: str) -> str:
        basic = BASIC.match(value) if name.lower() in CREDENTIALS else None
        return f"Basic {self.credentials(basic.group(1))}" if basic else value


class Masker(Masking):
    """Knows the secrets of the scenario that runs; not a store of secrets beyond it."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)
        self._labels: dict[str, str] = {}
        self._lasting: dict[str, str] = {}
        self._forms: dict[bytes, bytes] = {}
        self._probes: dict[bytes, list[bytes]] = {}
        self._dense_probes: dict[bytes, list[bytes]] = {}
        # Stubs learn secrets on their loop while steps mask what they tell.
        self._lock = threading.RLock()

    def forget(self) -> None:
        """Drop the scenario's secrets: called between scenarios, so that masking stays fast."""
        with self._lock:
            self._labels.clear()
            self._forms.clear()
            self._probes.clear()
            self._dense_probes.clear()
            for value, kind in self._lasting.items():
                self.register(value, kind)

    def register_for_good(self, value: str, kind: str) -> None:
        """Learn a secret that is none of a single scenario: `forget` keeps it."""
        with self._lock:
            self._lasting[value] = kind
            self.register(value, kind)

    def digest(self, value: str) -> str:
        return hmac.new(self._key, octets(value), sha256).hexdigest()[:12]

    def register(self, value: str, kind: str, spelled: str = "") -> str:
        """Learn a secret; return the label that stands for it from now on.

        `spelled` is how a message wrote it, in case it is none of the usual encodings.
        """
        with self._lock:
            label = self._labels.get(value) or f"masked-{kind}-{self.digest(value)}"
            if len(value) < SHORTEST_SECRET:
                return label
            if value not in self._labels:
                self._labels[value] = label
                for form in _encoded_forms(value):
                    self._learn(form, label)
            if spelled and spelled != value:
                self._learn(octets(spelled), label)
            return label

    def _learn(self, form: bytes, label: str) -> None:
        if form not in self._forms:
            self._forms[form] = label.encode()
            probe = form[:PROBE]
            dense = len(probe) >= LONG_WORD and probe.translate(None, WORD_CHARACTERS) == b""
            probes = self._dense_probes if dense else self._probes
            probes.setdefault(probe, []).append(form)

    def label(self, value: str) -> str | None:
        return self._labels.get(value)

    def mask_bytes(self, data: bytes) -> bytes:
        with self._lock:
            return self.replace(data, self._present(data))

    def of_message(self, parts: Iterable[bytes]) -> MessageMasker:
        """Look for the secrets once in all parts of a message; what was found is quick to mask."""
        whole = b"\n".join(parts)
        with self._lock:
            return MessageMasker(self, tuple(self._present(whole)))

    def replace(self, data: bytes, forms: Iterable[bytes]) -> bytes:
        """Replace those forms of secrets that the data holds by their labels."""
        with self._lock:
            present = [form for form in forms if form in data]
            return self._with_labels(data, present) if present else data

    def credentials(self, value: str) -> str:
        return self.register(value, "credentials")

    def learn_credentials(self, fields: Iterable[tuple[str, str]]) -> None:
        """Learn the credentials of the Basic scheme, wherever else the message repeats them."""
        for name, value in fields:
            self._without_basic(name, value)

    def _present(self, data: bytes) -> list[bytes]:
        # All tokens of an issuer begin alike: a probe finds out at once that none is there.
        if not self._forms or not data:
            return []
        few = len(self._dense_probes) <= FEW
        words = data if few else _long_words(data)
        return [
            form
            for probes, text in ((self._dense_probes, words), (self._probes, data))
            for probe, forms in probes.items()
            if probe in text
            for form in forms
            if form in data
        ]

    def _with_labels(self, data: bytes, present: Iterable[bytes]) -> bytes:
        """Replace in one pass, so that a secret that is a word of a label leaves labels alone.

        Where several begin, the longest is taken: none is broken up by a shorter one inside it.
        (A pattern of all of them would do the same; compiling it takes longer than this.)
        """
        places = [(data.find(form), -len(form), form) for form in present]
        heapify(places)
        kept, end = list[bytes](), 0
        while places:
            at, length, form = heappop(places)
            if at >= end:
                kept += [data[end:at], self._forms[form]]
                end = at - length
            again = data.find(form, end)
            if again >= 0:
                heappush(places, (again, length, form))
        return b"".join([*kept, data[end:]])


@dataclass(frozen=True)
class MessageMasker(Masking):
    """Masks the parts of one message by those secrets alone that some part of it holds."""

    masker: Masker
    present: tuple[bytes, ...]

    def mask_bytes(self, data: bytes) -> bytes:
        return self.masker.replace(data, self.present)

    def credentials(self, value: str) -> str:
        return self.masker.credentials(value)


def _long_words(data: bytes) -> bytes:
    """Return what can hold a token or an encoded secret: most of a document cannot."""
    words = data.translate(_OTHERS_BLANK).split()
    return b" ".join([word for word in words if len(word) >= LONG_WORD])


def octets(text: str) -> bytes:
    """Return the bytes that a text was decoded from, whatever surrogates it holds."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


def _encoded_forms(value: str) -> Iterable[bytes]:
    """Yield the byte forms under which a value may travel: plain, URL, XML, JSON, base64, hex."""
    raw = octets(value)
    percent = {quote(raw, safe=kept) for kept in ("", "/", "!'()*", "-._~!$&'()*+,;=:@/")}
    percent |= {form.replace("%20", "+") for form in percent}
    percent |= {ESCAPE.sub(lambda found: found[0].lower(), form) for form in percent}
    every = b"%" + binascii.hexlify(raw, "%")
    written = {
        html.escape(value),
        html.escape(value, quote=False),
        html.escape(value).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        html.escape(value).replace("&#x27;", "&apos;"),
        json.dumps(value)[1:-1],
        json.dumps(value)[1:-1].replace("/", "\\/"),
        json.dumps(value, ensure_ascii=False)[1:-1],
    }
    forms = {raw, binascii.hexlify(raw), binascii.hexlify(raw).upper(), every, every.upper()}
    forms.update(octets(form) for form in percent | written)
    forms.update(_base64_cores(raw))
    return {form for form in forms if len(form) >= SHORTEST_SECRET}


def _base64_cores(raw: bytes) -> Iterable[bytes]:
    """Yield what base64 makes of a value wherever it begins in a longer text (three alignments)."""
    for shift in range(3):
        padded = b"\0" * shift + raw
        # Characters that also encode a neighbour's bits differ from case to case: cut them off.
        first = (shift * 8 + 5) // 6
        last = len(padded) * 8 // 6
        for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
            core = alphabet(padded).rstrip(b"=")[first:last]
            if len(core) >= SHORTEST_SECRET:
                yield core
