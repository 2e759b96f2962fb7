"""One line for each thing that a UE did, as it happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from muster.checks.reading import announced
from muster.evidence import Exchange, HttpExchange, Json, SipExchange
from muster.journal import Journal
from muster.progress import harmless

KEPT_IN_MEMORY = 200
"""Exchanges; all of them are in the file."""
ALERTS = {
    "unknown ca": "the client does not trust our CA: is ca.pem installed?",
    "bad certificate": "the client refuses our certificate",
    "certificate expired": "the client holds our certificate to be expired: is its clock right?",
    "certificate unknown": "the client refuses our certificate: is ca.pem installed?",
    "no shared cipher": "client and server have no cipher in common",
    "unsupported protocol": "the client speaks no TLS 1.2 or later",
    "peer did not return a certificate": "the client shows no certificate of its own",
    "http request": "plain HTTP came to a TLS port",
    "connection": "the client hung up in the handshake: does it trust our CA, ca.pem?",
}
"""What a failed handshake means, by words of OpenSSL's reason."""


@dataclass(frozen=True)
class ConnectionNews:
    """Something about a connection that is worth a line."""

    system: str
    server: str
    event: str
    details: Mapping[str, Json]


News = Exchange | ConnectionNews


class ToldJournal(Journal):
    """A journal that also tells a listener, and keeps little in memory: a bench stands for days."""

    def __init__(self, folder: Path, worker: str, hear: Callable[[News], None]) -> None:
        self._hear = hear
        super().__init__(folder, worker)

    def exchange(self, seen: Exchange) -> Exchange:
        told = super().exchange(seen)
        del self.exchanges[:-KEPT_IN_MEMORY]
        self._hear(told)
        return told

    def connection(
        self, system: str, server: str, connection: str, event: str, **more: Json
    ) -> None:
        super().connection(system, server, connection, event, **more)
        del self.contacts[:-KEPT_IN_MEMORY]
        if event in ("tls-failed", "unparsed", "cut-short"):
            self._hear(ConnectionNews(system, server, event, self.masker.mask_json(more)))


@dataclass(frozen=True)
class Teller:
    """Puts news into words; documents are called by their files."""

    file_of: Callable[[str, str], str]
    """The file of a document by system and selector; empty where it has none."""
    people: Mapping[str, str]
    """User by any of her identities."""

    def line(self, news: News) -> Text:
        if isinstance(news, HttpExchange):
            return self._http(news)
        if isinstance(news, SipExchange):
            return self._sip(news)
        return self._connection(news)

    def _http(self, seen: HttpExchange) -> Text:
        selector = str(seen.facts.get("document", ""))
        what = self.file_of(seen.system, selector) or seen.decoded_path
        grant = seen.form.get("grant_type", "").rpartition(":")[2]
        whose = next((self.people.get(use.owner, "") for use in seen.tokens if use.owner), "")
        notes = [grant, f"{whose}'s token" if whose else "", _size(seen)]
        return _line("→", seen.system, seen.server, seen.method, what, seen.status, notes)

    def _sip(self, seen: SipExchange) -> Text:
        selectors = announced(seen) if seen.method == "NOTIFY" else []
        files = [self.file_of(seen.system, one) or one for one in selectors]
        what = " ".join(files[:1]) or seen.request_uri
        more = f"and {len(files) - 1} more" if len(files) > 1 else ""
        arrow = "→" if seen.direction == "from_ue" else "←"
        event = seen.header("Event") or ""
        return _line(arrow, seen.system, "sip", seen.method, what, seen.status, [more, event])

    def _connection(self, news: ConnectionNews) -> Text:
        if news.event == "tls-failed":
            alert = str(news.details.get("alert", "")).replace("_", " ").lower()
            meaning = next((told for word, told in ALERTS.items() if word in alert), alert)
            return _line("✗", news.system, news.server, "TLS", meaning, None, [])
        told = f"not understood: {news.details.get('reason', '')}"
        return _line("✗", news.system, news.server, "", told, None, [])


def _line(
    arrow: str,
    system: str,
    server: str,
    method: str,
    what: str,
    status: int | None,
    notes: list[str],
) -> Text:
    line = Text(overflow="fold")
    line.append(f"{time.strftime('%H:%M:%S')} ", "dim")
    line.append(f"{arrow} ", "red" if arrow == "✗" else "bold")
    line.append(f"{system:<9} {server:<9} ", "cyan" if system == "primary" else "magenta")
    if arrow == "✗":
        line.append(f"    {method:<9} ")
        line.append(harmless(what), "red")
    else:
        line.append(f"{status or '---'} ", _colour(status))
        line.append(f"{method:<9} {harmless(what)}")
    rest = ", ".join(note for note in notes if note)
    if rest:
        line.append(f"  {harmless(rest)}", "dim")
    return line


def _colour(status: int | None) -> str:
    if status is None or status >= 400:
        return "yellow"
    return "green" if status < 300 else "blue"


def _size(seen: HttpExchange) -> str:
    count = len(seen.response_body)
    return f"{count:,} B" if seen.method == "GET" and seen.status == 200 else ""
