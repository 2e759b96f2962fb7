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
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import quote, quote_plus

SHORTEST_SECRET = 6
"""Shorter values would mask ordinary words; worlds and `ue.toml` refuse them as passwords."""

BASIC = re.compile(r"^\s*basic\s+(\S+)", re.IGNORECASE)


class Masker:
    """Knows the secrets of the scenario that runs; not a store of secrets beyond it."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)
        self._labels: dict[str, str] = {}
        self._replacements: list[tuple[bytes, bytes]] = []

    def forget(self) -> None:
        """Drop all secrets: called between scenarios, so that masking stays fast."""
        self._labels.clear()
        self._replacements.clear()

    def digest(self, value: str) -> str:
        return hmac.new(self._key, value.encode(), sha256).hexdigest()[:12]

    def register(self, value: str, kind: str) -> str:
        """Learn a secret; return the label that stands for it from now on."""
        if value in self._labels:
            return self._labels[value]
        label = f"masked-{kind}-{self.digest(value)}"
        if len(value) >= SHORTEST_SECRET:
            self._labels[value] = label
            for form in _encoded_forms(value):
                self._replacements.append((form, label.encode()))
            # The longest first, so that no secret is broken up by a shorter one inside it.
            self._replacements.sort(key=lambda pair: -len(pair[0]))
        return label

    def label(self, value: str) -> str | None:
        return self._labels.get(value)

    def mask_bytes(self, data: bytes) -> bytes:
        for form, label in self._replacements:
            if form in data:
                data = data.replace(form, label)
        return data

    def mask_text(self, text: str) -> str:
        return self.mask_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")

    def mask_fields(self, fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Mask header fields; credentials of the Basic scheme are masked as a whole."""
        masked = []
        for name, value in fields:
            basic = BASIC.match(value)
            if basic and name.lower() in ("authorization", "proxy-authorization"):
                value = f"Basic {self.register(basic.group(1), 'credentials')}"
            masked.append((name, self.mask_text(value)))
        return tuple(masked)


def _encoded_forms(value: str) -> Iterable[bytes]:
    """Yield the byte forms under which a value may travel: plain, URL, XML, JSON, base64, hex."""
    raw = value.encode()
    forms = {
        raw,
        quote(value, safe="").encode(),
        quote(value).encode(),
        quote_plus(value).encode(),
        "".join(f"%{octet:02x}" for octet in raw).encode(),
        "".join(f"%{octet:02X}" for octet in raw).encode(),
        html.escape(value).encode(),
        html.escape(value, quote=False).encode(),
        json.dumps(value)[1:-1].encode(),
        binascii.hexlify(raw),
        binascii.hexlify(raw).upper(),
    }
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
