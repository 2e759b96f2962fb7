"""Multipart bodies are built so that they read back, and read strictly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.protocol.sip.multipart import MultipartError, Part, build_multipart, read_parts

PARTS = [
    Part("application/vnd.3gpp.mcptt-info+xml", b"<mcpttinfo/>"),
    Part("application/resource-lists+xml", b"<x>\r\n--\r\n</x>\r\n", (("Content-ID", "<a@b>"),)),
]


def test_built_parts_read_back():
    assert read_parts(*build_multipart(PARTS)) == PARTS


@given(st.lists(st.binary(), min_size=1))
def test_any_bodies_read_back(bodies):
    parts = [Part("application/octet-stream", body) for body in bodies]

    assert read_parts(*build_multipart(parts)) == parts


def test_other_body_is_its_own_only_part():
    assert read_parts("application/pidf+xml;charset=utf-8", b"<a/>") == [
        Part("application/pidf+xml;charset=utf-8", b"<a/>")
    ]


def test_preamble_epilogue_and_padding_are_dropped():
    body = (
        b"preamble --b\r\n--b  \r\ncontent-type:\r\n text/xml\r\nX: y\r\n\r\none\r\n"
        b"--b\r\n\r\ntwo\r\n--bb\r\n--b-- \r\nepilogue --b"
    )

    assert read_parts('Multipart/Mixed; boundary="b"', body) == [
        Part("text/xml", b"one", (("X", "y"),)),
        Part("text/plain", b"two\r\n--bb"),
    ]


def test_transfer_encodings_are_taken_off():
    encoded = [("base64", b"PGEv\r\nPg=="), ("quoted-printable", b"<a=\r\n/>"), ("binary", b"<a/>")]

    for encoding, body in encoded:
        header = ("Content-Transfer-Encoding", encoding)
        built = build_multipart([Part("text/xml", body, (header,))])
        assert read_parts(*built) == [Part("text/xml", b"<a/>", (header,))]


@pytest.mark.parametrize(
    ("content_type", "body", "reason"),
    [
        ("multipart/mixed", b"", "the content type has no well-formed boundary"),
        ("multipart/mixed;boundary=" + "b" * 71, b"", "the content type has no well-formed"),
        ("multipart", b"", "a media type is not well formed"),
        ("multipart/mixed;boundary=b", b"nothing", "the boundary does not occur in the body"),
        ("multipart/mixed;boundary=b", b"--b--\r\n", "the body has no part"),
        ("multipart/mixed;boundary=b", b"--b\r\n\r\nx", "the last boundary is missing"),
        ("multipart/mixed;boundary=b", b"--b\n\nx\n--b--", "does not occur"),
        ("multipart/mixed;boundary=b", b"--b\r\nX: y\r\n--b--", "no empty line ends"),
        ("multipart/mixed;boundary=b", b"--b\r\nno colon\r\n\r\nx\r\n--b--", "is not well formed"),
        ("multipart/mixed;boundary=b", b"--b\r\nX: \xff\r\n\r\nx\r\n--b--", "are not UTF-8"),
        (
            "multipart/mixed;boundary=b",
            b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n*\r\n--b--",
            "a part is not base64 as it says",
        ),
        (
            "multipart/mixed;boundary=b",
            b"--b\r\nContent-Transfer-Encoding: gzip\r\n\r\n*\r\n--b--",
            "transfer encoding 'gzip' is unknown",
        ),
    ],
)
def test_broken_multipart_is_refused(content_type, body, reason):
    with pytest.raises(MultipartError, match=reason):
        read_parts(content_type, body)


def test_header_of_a_part_cannot_break_its_line():
    with pytest.raises(MultipartError):
        build_multipart([Part("text/plain\r\nX: y", b"")])
    with pytest.raises(MultipartError):
        build_multipart([])
