"""Keys come back as they were wrapped; without the transport key nobody reads them."""

import pytest
from lxml import etree

from muster.documents.schemas import own_schemas
from muster.documents.validate import validate
from muster.protocol import kms
from muster.protocol.kms_wrapping import TransportKey
from tests.protocol.test_kms import KEY_SET, REQUEST

KEY = TransportKey("trk-1", bytes(range(32)))
NEXT = TransportKey("trk-2", bytes(32))
RESPONSE = kms.build_keyprov_response(REQUEST, [KEY_SET], transport_key=KEY)


def test_wrapped_keys_come_back() -> None:
    assert kms.read_response(RESPONSE, KEY).key_sets == (KEY_SET,)


def test_response_with_wrapped_keys_is_valid() -> None:
    assert validate(RESPONSE, own_schemas(), strict=True).valid


@pytest.mark.parametrize("key", [None, NEXT])
def test_wrapped_keys_are_read_with_their_key_alone(key: TransportKey | None) -> None:
    with pytest.raises(kms.KmsMessageError):
        kms.read_response(RESPONSE, key)


def test_broken_wrapping_is_refused() -> None:
    root = etree.fromstring(RESPONSE)
    for value in root.iter("{*}CipherValue"):
        value.text = "no base64"

    with pytest.raises(kms.KmsMessageError, match="not wrapped under trk-1"):
        kms.read_response(etree.tostring(root), KEY)


def test_transport_key_is_read_as_it_is_written() -> None:
    assert TransportKey.read(str(KEY)) == KEY
    assert KEY.octets.hex() not in repr(KEY)


@pytest.mark.parametrize("written", ["", "0011", "trk-1=xyz"])
def test_other_text_is_no_transport_key(written: str) -> None:
    with pytest.raises(ValueError, match=r"transport key|hexadecimal"):
        TransportKey.read(written)
