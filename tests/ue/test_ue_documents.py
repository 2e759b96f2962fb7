"""What the UE reads in forms and documents, and what it refuses to read."""

import pytest

from muster.ue.driver import Credentials
from muster.ue.reference.documents import (
    BODY_LIMIT,
    DocumentChange,
    ServiceConfiguration,
    UserProfile,
    XcapDiff,
    read_group,
    read_service_configuration,
    read_user_profile,
    read_xcap_diff,
)
from muster.ue.reference.forms import Form, read_login_form
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.sip_client import ServerAddress, server_address

PROFILE = b"""<mcptt-user-profile xmlns="urn:3gpp:mcptt:user-profile:1.0" XUI-URI="sip:a@b"
    user-profile-index="3"><Pre-selected-indication/><Status>false</Status><OnNetwork>
    <MCPTTGroupInfo><entry><uri-entry> sip:g1@b </uri-entry></entry></MCPTTGroupInfo>
    <ImplicitAffiliations><entry><uri-entry>sip:g2@b</uri-entry></entry></ImplicitAffiliations>
    </OnNetwork></mcptt-user-profile>"""
SERVICE = b'<service-configuration-info xmlns="urn:3gpp:ns:mcpttServiceConfig:1.0"/>'
DIFF = b"""<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" xcap-root="https://x/r">
    <document sel="a/b" new-etag="1"/><document sel="a/c" previous-etag="2"/></xcap-diff>"""
PAGE = b"""<html><form action="/search"><input name="q"></form>
    <form id="login" method="POST" action="../login?x=1"><input id="username" name="username">
    <input type="password" name="password"><input type="submit">
    <input type="hidden" name="login_session" value="s&amp;1"></form></html>"""


def test_login_form_is_found_among_others() -> None:
    form = read_login_form(PAGE, "https://idms.example:9/as/authorize?client_id=c")

    inputs = {"username": "", "password": "", "login_session": "s&1"}
    assert form == Form("https://idms.example:9/login?x=1", "post", inputs)
    filled = form.filled_in(Credentials("al ice", "p&w"))
    assert filled == "username=al+ice&password=p%26w&login_session=s%261"


def test_login_form_by_get_is_refused() -> None:
    with pytest.raises(Refusal, match="in a URL"):
        read_login_form(PAGE.replace(b"POST", b"get"), "https://idms.example/")


def test_only_the_group_list_of_the_profile_counts() -> None:
    assert read_user_profile(PROFILE) == UserProfile(3, True, False, ("sip:g1@b",), ())


def test_absent_protection_means_protection() -> None:
    assert read_service_configuration(SERVICE) == ServiceConfiguration(True, True)


def test_removed_document_has_no_new_etag() -> None:
    changes = (DocumentChange("a/b", "1"), DocumentChange("a/c", None))
    assert read_xcap_diff(DIFF) == XcapDiff("https://x/r", changes)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE group><group xmlns='urn:oma:xml:poc:list-service'/>", "DOCTYPE"),
        (b"<group/>", "root element"),
        (b"<group", "not well-formed"),
        (b"", "not well-formed"),
        (b" " * (BODY_LIMIT + 1), "longer"),
        (b"<group xmlns='urn:oma:xml:poc:list-service'/>", "no list-service"),
    ],
)
def test_unusable_document_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        read_group(body)


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("sip:mcptt@sip.a.example:5070;transport=TCP", ServerAddress("sip.a.example", 5070, "tcp")),
        ("sip:sip.a.example", ServerAddress("sip.a.example", 5060, None)),
        ("sip:m@[::1]:5070", ServerAddress("[::1]", 5070, None)),
    ],
)
def test_server_uri_tells_where_sip_goes(uri: str, address: ServerAddress) -> None:
    assert server_address(uri) == address
