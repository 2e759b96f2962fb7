import json
import shutil
import struct
import subprocess
from dataclasses import replace

import pytest

from muster.evidence import SipExchange
from muster.results import read_results
from reports.pcapng import LARGEST, write_pcapng
from tests.reports.sample import sip, write_sample

needs_tshark = pytest.mark.skipif(
    shutil.which("tshark") is None, reason="tshark (Debian package) is not installed"
)


def packets(data):
    """The packets of a pcapng file as (microseconds, tags, message, comments)."""
    found, at = [], 0
    while at < len(data):
        kind, length = struct.unpack_from("<2I", data, at)
        assert length % 4 == 0
        assert struct.unpack_from("<I", data, at + length - 4) == (length,)
        if kind == 6:
            _, high, low, size, original = struct.unpack_from("<5I", data, at + 8)
            assert size == original
            tags, message = pdu(data[at + 28 : at + 28 + size])
            rest = data[at + 28 + size + -size % 4 : at + length - 4]
            found.append((high << 32 | low, tags, message, comments(rest)))
        at += length
    return found


def pdu(data):
    tags, at = {}, 0
    while True:
        kind, size = struct.unpack_from(">2H", data, at)
        at += 4 + size
        if kind == 0:
            return tags, data[at:]
        tags[kind] = data[at - size : at]


def comments(options):
    found, at = [], 0
    while True:
        code, size = struct.unpack_from("<2H", options, at)
        if code == 0:
            return found
        assert code == 1
        found.append(options[at + 4 : at + 4 + size].decode())
        at += 4 + size + -size % 4


def written(results, folder):
    write_pcapng(results, folder / "sip.pcapng")
    return packets((folder / "sip.pcapng").read_bytes())


def alone(sample, seen):
    scenario = next(
        s for s in sample.scenarios if any(isinstance(e, SipExchange) for e in s.exchanges)
    )
    event = next(one for one in scenario.events if isinstance(one.what, SipExchange))
    return replace(sample, scenarios=(replace(scenario, events=(replace(event, what=seen),)),))


def test_request_and_response_are_packets_in_the_order_of_time(sample, tmp_path):
    seen = [
        one
        for scenario in sample.scenarios
        for one in scenario.exchanges
        if isinstance(one, SipExchange)
    ]
    found = written(sample, tmp_path)

    assert len(found) == sum(1 + len(one.responses) for one in seen)
    assert [at for at, *_ in found] == sorted(at for at, *_ in found)


def test_message_is_as_it_was_with_its_sender(sample, tmp_path):
    seen = replace(
        sip("primary", "MESSAGE", "sip:a@b", 200),
        name="X9",
        started=2.5,
        ended=3.0,
        body=b"<x/>",
        facts={"remote": "127.0.0.9:5070"},
    )

    request, response = written(alone(sample, seen), tmp_path)

    assert request[0] == 2_500_000
    assert request[1][12] == b"sip\0"
    assert (request[1][20], request[1][25]) == (bytes([127, 0, 0, 9]), b"\0\0\x13\xce")
    assert request[2].startswith(b"MESSAGE sip:a@b SIP/2.0\r\nVia: ")
    assert request[2].endswith(b"\r\n\r\n<x/>")
    assert response[2].startswith(b"SIP/2.0 200 OK\r\n")
    assert (response[1][21], response[1][26]) == (request[1][20], request[1][25])


def test_comments_name_scenario_exchange_and_findings(sample, tmp_path):
    told = [text for *_, comments in written(sample, tmp_path) for text in comments]

    assert any(text.startswith("ue_configuration/retrieval.feature:17: ") for text in told)
    assert any(text.startswith("X") and "the UE, primary sip" in text for text in told)


def test_hostile_message_is_cut_and_its_comment_inert(sample, tmp_path):
    seen = replace(
        sip("primary", "INVITE", "sip:\x1b[31m\u202e", None),
        body=b"\xff" * 5_000_000,
        facts={"remote": "not an address"},
        connection="\x1b]0;title\x07",
        started=-5.0,
    )

    ((at, tags, message, comments),) = written(alone(sample, seen), tmp_path)

    assert (at, set(tags), len(message)) == (0, {12}, LARGEST)
    assert all("\x1b" not in text for text in comments)


def test_cut_campaign_is_exported(tmp_path):
    assert written(read_results(write_sample(tmp_path / "r", cut=True)), tmp_path) != []


@needs_tshark
def test_tshark_reads_messages_and_comments(sample, tmp_path):
    write_pcapng(sample, tmp_path / "sip.pcapng")

    fields = ("sip.Method", "sip.Status-Code", "frame.comment", "_ws.malformed")
    chosen = [word for field in fields for word in ("-e", field)]
    run = subprocess.run(
        ["tshark", "-r", str(tmp_path / "sip.pcapng"), "-T", "json", *chosen],
        capture_output=True,
        timeout=60,
    )
    layers = [one["_source"]["layers"] for one in json.loads(run.stdout)]

    assert len(layers) == len(packets((tmp_path / "sip.pcapng").read_bytes()))
    assert all("sip.Method" in one or "sip.Status-Code" in one for one in layers)
    assert all(one["frame.comment"] for one in layers)
    assert not any("_ws.malformed" in one for one in layers)
