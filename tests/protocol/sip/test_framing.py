"""A stream is cut into the same messages however it was split."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sip_peers import OPTIONS, options, text

from muster.protocol.sip.framing import MESSAGE_LIMIT, PING, FramingError, StreamFramer

ONE = options(Content_Length="0")
TWO = options(l="6") + b"\r\n\r\nab"
FOLDED = text(*OPTIONS, "Content-Length:", "  2", body=b"ok")


@given(st.lists(st.integers(0, 900)))
def test_splits_do_not_matter(cuts):
    wire = ONE + PING + TWO + b"\r\n" + FOLDED + PING + ONE
    places = [0, *sorted(cuts), len(wire)]
    framer = StreamFramer()

    frames = []
    for begin, end in pairwise(places):
        frames += framer.feed(wire[begin:end])

    assert frames == [ONE, PING, TWO, FOLDED, PING, ONE]
    assert framer.rest == b""


def test_octet_by_octet_is_read_too():
    framer = StreamFramer()

    frames = [frame for octet in TWO + PING for frame in framer.feed(bytes([octet]))]

    assert frames == [TWO, PING]


def test_lone_line_break_is_no_ping():
    framer = StreamFramer()

    assert list(framer.feed(b"\r\n")) == []
    assert list(framer.feed(ONE)) == [ONE]


def test_begun_message_is_the_rest():
    framer = StreamFramer()

    assert list(framer.feed(ONE + ONE[:50])) == [ONE]
    assert framer.rest == ONE[:50]


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        (b"\x16\x03\x01", "not SIP: no message begins with this octet"),
        (b"\nINVITE", "not SIP: no message begins with this octet"),
        (b"GET / HTTP/1.1\r\n", "not SIP: the first line names no SIP version"),
        (b"x" * 20000, "not SIP: the first line does not end"),
        (options(), "Content-Length is missing"),
        (options(Content_Length="1", l="2"), "Content-Length is ambiguous"),
        (options(Content_Length="-1"), "not a number from 0 to 4294967295"),
        (options(Content_Length=str(MESSAGE_LIMIT)), "a message is longer than 262144 octets"),
        (text(*OPTIONS, "X: " + "x" * 70000)[:-4], "header fields are longer than 65536 octets"),
    ],
)
def test_junk_ends_the_stream_after_the_messages_before_it(wire, reason):
    framer = StreamFramer()
    frames = []

    with pytest.raises(FramingError) as caught:
        frames.extend(framer.feed(ONE + wire))

    assert (frames, str(caught.value), caught.value.data) == ([ONE], reason, wire)


def test_first_line_is_judged_when_it_is_whole():
    framer = StreamFramer()

    assert list(framer.feed(b"GET / HT")) == []
    with pytest.raises(FramingError):
        list(framer.feed(b"TP/1.1\r\n"))
