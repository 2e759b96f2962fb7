"""A program that asks a page, as a browser does or does not."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Client:
    """Speaks to a page as a browser or another program would."""

    address: str

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        where = urlsplit(self.address)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"{where.path}{path}", body or None, named)
        answer = connection.getresponse()
        given = answer.status, answer.read(), answer.headers
        connection.close()
        return given

    def answer(self, prompt: str, body: object, **headers: str) -> int:
        headers = {"Content_Type": "application/json", **headers}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", f"answers/{prompt}", data, **headers)[0]

    @contextmanager
    def events(self, after: str = "") -> Iterator[Iterator[tuple[str, str, str]]]:
        """The stream of events as (id, event, data)."""
        where = urlsplit(self.address)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
        headers = {"Last-Event-ID": after} if after else {}
        connection.request("GET", f"{where.path}events", headers=headers)
        answer = connection.getresponse()
        try:
            yield _events(answer)
        finally:
            connection.close()


def _events(answer: http.client.HTTPResponse) -> Iterator[tuple[str, str, str]]:
    fields: dict[str, str] = {}
    for raw in answer:
        line = raw.decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield fields.get("id", ""), fields.get("event", "message"), fields["data"]
            fields = {}


def next_news(events: Iterator[tuple[str, str, str]]) -> tuple[str, str]:
    """The next event that is no tick, as (id, data)."""
    return next((name, data) for name, kind, data in events if kind == "message")
