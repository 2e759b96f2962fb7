"""The profile of a stub tells where it is from stacks, the innermost known place first."""

from collections import Counter

from benchmarks.stub_profile import ELSEWHERE, counted

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
    assert counted(STACKS) == Counter(
        {
            "masking every secret in texts and bodies": 7,
            "answering: selector, token, scope, conditions, a valid document": 2,
            ELSEWHERE: 5,
        }
    )
