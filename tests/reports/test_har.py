import json
from dataclasses import replace

from muster.evidence import HttpExchange
from muster.journal import now
from muster.results import read_results
from reports.har import har_document, write_har
from tests.reports.sample import http, write_sample


def entries(results):
    return {one["_exchange"]: one for one in har_document(results)["log"]["entries"]}


def alone(sample, seen):
    """The sample with this exchange only."""
    scenario = next(one for one in sample.scenarios if one.exchanges)
    event = next(one for one in scenario.events if isinstance(one.what, HttpExchange))
    only = replace(scenario, events=(replace(event, what=seen),))
    return replace(sample, scenarios=(only,))


def test_every_http_exchange_is_an_entry_of_its_scenario(sample):
    log = har_document(sample)["log"]
    seen = [
        (scenario.id, one.name)
        for scenario in sample.scenarios
        for one in scenario.exchanges
        if isinstance(one, HttpExchange)
    ]

    assert log["version"] == "1.2"
    assert [(one["pageref"], one["_exchange"]) for one in log["entries"]] == seen
    assert {page["id"] for page in log["pages"]} == {scenario for scenario, _ in seen}


def test_entry_says_what_was_exchanged(sample):
    seen = replace(
        http("primary", "idms", "POST", "/token?x=%20y", 200),
        name="X7",
        started=1_700_000_000.25,
        ended=1_700_000_000.5,
        headers=(
            ("Host", "idms.example:1"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Cookie", "a=1; b=2"),
        ),
        body=b"grant_type=code",
        response_headers=(("Content-Type", "text/plain"), ("Set-Cookie", "s=3; Path=/")),
        response_body="é".encode(),
    )

    (entry,) = har_document(alone(sample, seen))["log"]["entries"]

    assert (entry["startedDateTime"], entry["time"]) == ("2023-11-14T22:13:20.250Z", 250.0)
    assert entry["request"]["url"] == "https://idms.example:1/token?x=%20y"
    assert entry["request"]["queryString"] == [{"name": "x", "value": " y"}]
    assert entry["request"]["cookies"] == [
        {"name": "a", "value": "1"},
        {"name": "b", "value": "2"},
    ]
    assert entry["request"]["postData"]["params"] == [{"name": "grant_type", "value": "code"}]
    assert entry["response"]["cookies"] == [{"name": "s", "value": "3"}]
    assert entry["response"]["content"] == {"size": 2, "mimeType": "text/plain", "text": "é"}


def test_unanswered_request_has_status_0(sample):
    (entry,) = har_document(alone(sample, http("primary", "cms", "GET", "/x", None)))["log"][
        "entries"
    ]

    assert (entry["response"]["status"], entry["response"]["comment"]) == (0, "no answer was given")


def test_findings_stand_at_their_exchange(sample):
    finding = next(one for scenario in sample.scenarios for one in scenario.findings)

    assert str(finding) in entries(sample)[finding.exchange]["comment"]


def test_hostile_bytes_are_kept_and_inert(sample, tmp_path):
    seen = replace(
        http("primary", "cms", "GET", "/\x1b[31m<script>\u202e", 200),
        headers=(("X", "\x00\ud800"),),
        response_body=b"\xff\xfe<script>",
        started=1e300,
        ended=now(),
    )

    write_har(alone(sample, seen), tmp_path / "x.har")

    text = (tmp_path / "x.har").read_text("ascii")
    (entry,) = json.loads(text)["log"]["entries"]
    assert "\x1b" not in text
    assert entry["response"]["content"]["encoding"] == "base64"
    assert entry["startedDateTime"].startswith("1970")


def test_cut_campaign_is_exported_with_what_is_missing(tmp_path):
    folder = write_sample(tmp_path, cut=True)
    for body in (folder / "bodies").iterdir():
        body.unlink()

    log = har_document(read_results(folder))["log"]

    assert "the last line is not whole" in log["comment"]
    assert any("a body is missing" in entry["comment"] for entry in log["entries"])
