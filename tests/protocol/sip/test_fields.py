"""Parameters of header field values are replaced where they are, and nowhere else."""

import pytest
from sip_peers import OPTIONS, options, text

from muster.protocol.sip.dialog import Dialog
from muster.protocol.sip.fields import with_parameter
from muster.protocol.sip.message import (
    HEAD_LIMIT,
    SipRequest,
    SipSyntaxError,
    parse,
    parse_first,
    response_to,
    serialise,
)
from muster.protocol.sip.observer import Flow
from muster.protocol.sip.transaction import server_key

FLOW = Flow("udp", ("127.0.0.1", 1), ("127.0.0.2", 2), 1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<sip:a@b>;x=1;y=2", "<sip:a@b>;NEW;y=2"),
        ("<sip:a@b;x=1>;y;X = 3 ;z", "<sip:a@b;x=1>;y;NEW;z"),
        ('";x=1" <sip:a@b> ; x', '";x=1" <sip:a@b>;NEW'),
        ('<sip:a@b>;y=";x=1";x="a\\";b"', '<sip:a@b>;y=";x=1";NEW'),
        ("<sip:a@b>;xx=1;ax", "<sip:a@b>;xx=1;ax"),
    ],
)
def test_parameter_is_replaced_outside_quotes_and_brackets(value, expected):
    assert with_parameter(value, "x", ";NEW") == expected


def test_tag_without_value_is_not_given_again():
    request = parse(options(To="<sip:a@b>;tag"))

    assert response_to(request, 200).headers.get("To") == "<sip:a@b>;tag"


@pytest.mark.parametrize(
    ("contact", "target"),
    [
        ("<sip:a?b@h;lr?Subject=x>", "sip:a?b@h;lr"),
        ("<sip:h?Subject=x>", "sip:h"),
        ("<mailto:a@b?subject=x>", "mailto:a@b?subject=x"),
    ],
)
def test_target_of_a_dialog_has_no_header_fields(contact, target):
    request = parse(options(Contact=contact))
    dialog = Dialog.from_received(request, response_to(request, 200))

    assert dialog.request("NOTIFY").uri == target


def test_branch_of_the_cookie_alone_identifies_no_transaction():
    via = "SIP/2.0/UDP h;branch=z9hG4bK"
    one, two = (parse(options(Via=via, Call_ID=name)) for name in ("one", "two"))

    assert server_key(one, FLOW) != server_key(two, FLOW)


def test_answer_that_is_longer_than_a_request_may_be_is_read_without_limits():
    hop = "Via: SIP/2.0/UDP " + "h" * 16_000 + ";branch=z9hG4bKh"
    request = parse(text(*OPTIONS, *[hop] * 4))
    assert isinstance(request, SipRequest)
    answer = serialise(response_to(request, 200, headers=[("X", "x" * 16_000)]))

    assert len(answer) > HEAD_LIMIT
    with pytest.raises(SipSyntaxError):
        parse(answer)
    assert parse_first(answer, limited=False)[1] == len(answer)
