"""Profiles tell from stacks where a stub or a campaign is, the innermost known place first."""

from collections import Counter

from benchmarks import campaign_profile, stub_profile
from benchmarks.stacks import counted
from benchmarks.stub_profile import ELSEWHERE

LOOP = "run_forever (asyncio/base_events.py:1);_recording (stubs/http_server.py:2)"
STACKS = [
    f"{LOOP};Journal.exchange (muster/journal.py:3);masked_http (muster/journal.py:4);f (x.py:5) 7",
    f"{LOOP};XcapServer.answer (stubs/xcap.py:3) 2",
    f"{LOOP};XcapServer.answer (stubs/xcap.py:3);validate (xmlschema/schemas.py:4) 50",
    "run_forever (asyncio/base_events.py:1);write (asyncio/sslproto.py:2) 5",
    "run_forever (asyncio/base_events.py:1);EpollSelector.select (selectors.py:2) 90",
    "Thread.run (threading.py:1) 60",
]


def test_work_is_counted_where_it_is_done() -> None:
    assert counted(STACKS, stub_profile.place, stub_profile.works) == Counter(
        {
            "masking every secret in texts and bodies": 7,
            "answering: selector, token, scope, conditions, a valid document": 2,
            ELSEWHERE: 5,
        }
    )


def test_campaign_is_where_its_innermost_known_frame_is() -> None:
    loop = "process 7:x;run_forever (asyncio/base_events.py:1)"
    stacks = [
        f"{loop};Journal.exchange (muster/journal.py:2);dumps (json/__init__.py:3) 4",
        f"{loop};Web.send (muster/ue/reference/web.py:2);read (ssl.py:3) 3",
        f"{loop};EpollSelector.select (selectors.py:2) 90",
        "process 7:x;main (unknown.py:1) 1",
        "process 7:x",
    ]

    assert counted(stacks, campaign_profile.place, campaign_profile.works) == Counter(
        {"recording: masking, hash chain, files": 4, "TLS": 3, campaign_profile.OTHERS: 1}
    )
