import pytest

from muster.documents.parse import DocumentRefused, Limits, parse

DEFAULT = Limits()


def _reason(data: bytes, limits: Limits = DEFAULT) -> tuple[str, int]:
    with pytest.raises(DocumentRefused) as refused:
        parse(data, limits)
    assert refused.value.message
    assert str(refused.value) == f"line {refused.value.line}: {refused.value.message}"
    return refused.value.reason, refused.value.line


def test_plain_document_is_parsed():
    assert parse(b'<?xml version="1.0" encoding="utf-8"?><a/>').tag == "a"


def test_byte_order_mark_of_utf8_is_accepted():
    assert parse(b"\xef\xbb\xbf<a/>").tag == "a"


def test_word_doctype_in_a_comment_is_accepted():
    assert parse(b"<!-- <!DOCTYPE a> --><a/>").tag == "a"


def test_doctype_is_refused_with_its_line():
    data = b'<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE a>\n<a>\n<!-- <!DOCTYPE a> -->\n</a>'

    assert _reason(data) == ("doctype", 3)


def test_broken_xml_is_refused_with_its_line():
    assert _reason(b"<a>\n<b>\n</a>") == ("not_well_formed", 3)


def test_levels_are_counted_in_the_message():
    with pytest.raises(DocumentRefused, match="elements are nested over 256 levels"):
        parse(b"<a>" * 300 + b"</a>" * 300)


def test_external_entity_is_refused_as_doctype():
    data = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'

    assert _reason(data) == ("doctype", 1)


def test_many_comments_before_the_root_are_read_in_linear_time():
    assert parse(b"<!-- a -->" * 5000 + b"<a/>").tag == "a"


@pytest.mark.parametrize("data", [b"<a>&foo;</a>", b'<a b="&foo;"/>', b"<a>", b"", b"<a/><b/>"])
def test_undefined_entity_and_broken_xml_are_not_well_formed(data: bytes):
    assert _reason(data) == ("not_well_formed", 1)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32-be"])
def test_other_unicode_encodings_are_refused(encoding: str):
    assert _reason("<a/>".encode(encoding)) == ("not_utf8", 1)


def test_declared_other_encoding_is_refused():
    data = b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>'

    assert _reason(data) == ("not_utf8", 1)


def test_bytes_that_are_not_utf8_are_refused_with_their_line():
    assert _reason(b"<a>\n\xff</a>") == ("not_utf8", 2)


def test_document_above_the_size_limit_is_refused():
    assert _reason(b"<a>" + b" " * 1024 * 1024 + b"</a>") == ("too_large", 1)


def test_size_limit_itself_is_accepted():
    assert parse(b"<a/>", Limits(size=4)).tag == "a"


def test_256_levels_are_accepted():
    assert parse(b"<a>" * 256 + b"</a>" * 256).tag == "a"


@pytest.mark.parametrize("levels", [257, 300, 5000])
def test_more_levels_are_refused(levels: int):
    assert _reason(b"<a>" * levels + b"</a>" * levels) == ("too_deep", 1)


def test_lower_depth_limit_is_kept():
    assert _reason(b"<a>\n<a>\n<a/></a></a>", Limits(depth=2)) == ("too_deep", 3)
