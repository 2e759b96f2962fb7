import pytest

from reports.bodies import Part, shown


def parts(data: bytes, content_type: str, limit: int = 1_000) -> list[tuple[str, str]]:
    return [(part.media_type, part.text) for part in shown(data, content_type, limit).parts]


def test_xml_is_indented():
    body = b'<?xml version="1.0"?><a><b>1</b></a>'

    assert shown(body, "application/xml", 100).parts == (
        Part(
            "application/xml",
            len(body),
            (),
            '<?xml version="1.0"?>\n<a>\n  <b>1</b>\n</a>',
            "indented for reading",
        ),
    )


def test_json_is_indented():
    assert parts(b'{"a":"\xc3\xa9"}', "application/json") == [
        ("application/json", '{\n  "a": "é"\n}')
    ]


def test_form_is_shown_as_fields():
    (part,) = shown(b"code=a%20b&empty=", "application/x-www-form-urlencoded", 100).parts

    assert (part.form, part.text) == ((("code", "a b"), ("empty", "")), "")


def test_multipart_is_split_into_its_parts():
    body = b"--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n"

    assert parts(body, "multipart/mixed;boundary=b") == [
        ("text/plain", "one"),
        ("no media type", "two"),
    ]


@pytest.mark.parametrize(
    "content_type",
    ["multipart/mixed", "multipart/mixed;boundary=no", 'multipart/mixed; boundary="'],
)
def test_multipart_that_cannot_be_split_is_shown_as_it_is(content_type):
    ((told, text),) = parts(b"--b\r\n\r\none\r\n", content_type)

    assert "no part found" in told or told == "no media type"
    assert "one" in text


@pytest.mark.parametrize(
    "body", [b"<a><b></a>", b"{not json", b"[" * 50_000, b"<", b"\xff\xfe\x00", b"<a>\x00</a>", b""]
)
@pytest.mark.parametrize("media_type", ["application/xml", "application/json", "", "\x00;\n\r"])
def test_body_that_is_not_whole_is_shown_as_it_is(body, media_type):
    (part,) = shown(body, media_type, 100).parts

    assert "indented" not in part.note


def test_long_body_is_cut_and_says_so():
    (part,) = shown(b"x" * 5_000_000, "text/plain", 10).parts

    assert (part.text, part.note) == (
        "x" * 10,
        "only the first 10 characters of 5000000 bytes are shown",
    )
