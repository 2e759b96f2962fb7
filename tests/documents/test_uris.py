import pytest

from muster.documents.rules.uris import is_absolute_uri, is_instance_id, is_web_uri


@pytest.mark.parametrize(
    "text",
    [
        "sip:alice@primary.example",
        "sip:alice@[::1]:5060;transport=tcp",
        "https://cms.example:8443/xcap",
        "https://[2001:db8::1]/xcap",
        "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "tel:+33123",
        "https://cms.example/a%20b?c#d",
    ],
)
def test_uri_is_accepted(text: str):
    assert is_absolute_uri(text)


@pytest.mark.parametrize(
    "text", ["", "alice", "::", "%zz", "http://[::1", "http://a:b/", "https://", "a:b c", "a:#x#y"]
)
def test_other_text_is_not_a_uri(text: str):
    assert not is_absolute_uri(text)


def test_sip_uri_is_no_web_uri():
    assert (is_web_uri("sip:a@b.example"), is_web_uri("http://b.example/x")) == (False, True)


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("urn:gsma:imei:90420156-025763-0", True),
        ("urn:gsma:imei:90420156-025763-0;svn=12", True),
        ("urn:gsma:imei:904201560257630", False),
        ("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", True),
        ("urn:uuid:f81d4fae", False),
        ("urn:example:ue-1", True),
        ("ue-1", False),
    ],
)
def test_instance_id_is_a_urn_of_its_form(text: str, accepted: bool):
    assert is_instance_id(text) == accepted
