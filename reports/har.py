"""The HTTP exchanges of a campaign as HAR 1.2, for browsers' network panels and other viewers."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from muster import __version__
from muster.evidence import Fields, HttpExchange, Json, header
from muster.results import Results, ScenarioResult

BEYOND_CLOCKS = "1970-01-01T00:00:00.000Z"


def write_har(results: Results, path: Path) -> None:
    """Write campaign.har: a page per scenario, an entry per exchange; ASCII only."""
    path.write_text(json.dumps(har_document(results), indent=1) + "\n", encoding="ascii")


def har_document(results: Results) -> dict[str, Json]:
    seen = [scenario for scenario in results.scenarios if any(_http(scenario))]
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "muster", "version": __version__},
            "comment": "Secrets are masked. "
            + (" ".join((*results.notes, *results.broken_chains)) or "The record is whole."),
            "pages": [_page(scenario) for scenario in seen],
            "entries": [_entry(scenario, one) for scenario in seen for one in _http(scenario)],
        }
    }


def _http(scenario: ScenarioResult) -> Iterator[HttpExchange]:
    return (one for one in scenario.exchanges if isinstance(one, HttpExchange))


def _page(scenario: ScenarioResult) -> dict[str, Json]:
    return {
        "id": scenario.id,
        "startedDateTime": _time(scenario.started or 0.0),
        "title": f"{scenario.verdict}: {scenario.title}",
        "pageTimings": {},
        "comment": scenario.explanation,
    }


def _entry(scenario: ScenarioResult, seen: HttpExchange) -> dict[str, Json]:
    milliseconds = max(0.0, round((seen.ended - seen.started) * 1000, 3))
    found = [str(finding) for finding in scenario.findings if finding.exchange == seen.name]
    gap = "a body is missing in the results folder" if seen.name in scenario.incomplete else ""
    return {
        "pageref": scenario.id,
        "startedDateTime": _time(seen.started),
        "time": milliseconds,
        "request": _request(seen),
        "response": _response(seen),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "connection": seen.connection,
        "comment": "; ".join(filter(None, (f"{seen.name} at the {_place(seen)}", gap, *found))),
        "_exchange": seen.name,
        "_system": seen.system,
        "_server": seen.server,
        "_tls": seen.tls,
        "_facts": dict(seen.facts),
    }


def _place(seen: HttpExchange) -> str:
    return f"{seen.system} {seen.server}"


def _request(seen: HttpExchange) -> dict[str, Json]:
    made: dict[str, Json] = {
        "method": seen.method,
        "url": _url(seen),
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(seen.headers, "Cookie"),
        "headers": _pairs(seen.headers),
        "queryString": _pairs(tuple(seen.query.items())),
        "headersSize": -1,
        "bodySize": len(seen.body),
    }
    if seen.body:
        text = _text(seen.body)
        made["postData"] = {
            "mimeType": seen.header("Content-Type") or "application/octet-stream",
            "params": _pairs(tuple(seen.form.items())),
            "text": text if text is not None else base64.b64encode(seen.body).decode(),
            **({} if text is not None else {"comment": "not UTF-8: in base64"}),
        }
    return made


def _response(seen: HttpExchange) -> dict[str, Json]:
    text = _text(seen.response_body)
    content: dict[str, Json] = {
        "size": len(seen.response_body),
        "mimeType": seen.response_header("Content-Type") or "application/octet-stream",
        "text": text if text is not None else base64.b64encode(seen.response_body).decode(),
        **({} if text is not None else {"encoding": "base64"}),
    }
    return {
        # 0 is what HAR has for a request without an answer.
        "status": seen.status or 0,
        "statusText": _phrase(seen.status),
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(seen.response_headers, "Set-Cookie"),
        "headers": _pairs(seen.response_headers),
        "content": content,
        "redirectURL": seen.response_header("Location") or "",
        "headersSize": -1,
        "bodySize": len(seen.response_body),
        **({} if seen.status is not None else {"comment": "no answer was given"}),
    }


def _url(seen: HttpExchange) -> str:
    if not seen.target.startswith("/"):
        return seen.target
    host = header(seen.headers, "Host") or f"{seen.server}.{seen.system}.invalid"
    return f"{'https' if seen.tls else 'http'}://{host}{seen.target}"


def _cookies(fields: Fields, name: str) -> list[dict[str, str]]:
    found = []
    for key, value in fields:
        if key.lower() == name.lower():
            # Set-Cookie holds one cookie and its attributes, Cookie holds several.
            pairs = value.split(";")[: 1 if name == "Set-Cookie" else None]
            split = (pair.strip().partition("=") for pair in pairs if pair.strip())
            found += [{"name": cookie, "value": content} for cookie, _, content in split]
    return found


def _pairs(fields: Fields) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in fields]


def _phrase(status: int | None) -> str:
    try:
        return HTTPStatus(status or 0).phrase
    except ValueError:
        return ""


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _time(seconds: float) -> str:
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return BEYOND_CLOCKS
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
