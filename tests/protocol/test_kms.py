"""KMS messages come back as they were built; hostile and incomplete ones are refused."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from lxml import etree

from muster.protocol import kms
from muster.protocol.kms import KeySet, KmsCertificate, KmsError, KmsMessageError, KmsRequest
from muster.protocol.mikey_sakke import UserKeys, uid
from tests.protocol import mikey_sakke_vectors as vectors

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
REQUEST = KmsRequest(
    user_uri="sip:alice@primary.example",
    kms_uri="kms.primary.example",
    time=NOW,
    client_req_url="https://kms.primary.example:4443/keymanagement/identity/v1/init",
)
CERTIFICATE = KmsCertificate(
    kms_uri="kms.primary.example",
    user_key_period=2592000,
    user_key_offset=0,
    pub_enc_key=vectors.Z_T,
    pub_auth_key=vectors.KPAK,
)
FULL_CERTIFICATE = replace(
    CERTIFICATE,
    cert_uri="cert.primary.example",
    issuer="root.primary.example",
    valid_from=NOW,
    valid_to=NOW + timedelta(days=30),
    revoked=False,
    kms_domains=("primary.example", "partner.example"),
)
KEY_SET = KeySet(
    kms_uri="kms.primary.example",
    user_uri="sip:alice@primary.example",
    user_id=uid("sip:alice@primary.example", "kms.primary.example", 2592000, 0, 1535),
    key_period_no=1535,
    keys=UserKeys(vectors.RSK, vectors.SSK, vectors.PVT),
)
FULL_KEY_SET = replace(
    KEY_SET,
    cert_uri="cert.primary.example",
    issuer="root.primary.example",
    valid_from=NOW,
    valid_to=NOW + timedelta(days=30),
    revoked=True,
)


def locals_of(data: bytes, path: str = "*") -> list[str]:
    return [etree.QName(found).localname for found in etree.fromstring(data).findall(path)]


@pytest.mark.parametrize(
    "request_",
    [REQUEST, replace(REQUEST, client_id="client-1", device_id="urn:uuid:1 & <2>")],
    ids=["required", "everything"],
)
def test_request_comes_back(request_):
    assert kms.read_request(request_.to_xml()) == request_


def test_request_has_the_elements_of_the_schema_in_order():
    data = replace(REQUEST, client_id="client-1", device_id="device-1").to_xml()

    root = etree.fromstring(data)

    assert root.tag == "{urn:3gpp:ns:mcsecKMSInterface:1.0}KmsRequest"
    assert dict(root.attrib) == {"Version": "1.1.0"}
    names = ["UserUri", "KmsUri", "Time", "ClientId", "DeviceId", "ClientReqUrl"]
    assert locals_of(data) == names


def test_time_is_sent_in_utc():
    tokyo = replace(REQUEST, time=NOW.astimezone(timezone(timedelta(hours=9))))

    assert b"<Time>2026-03-01T12:00:00Z</Time>" in tokyo.to_xml()


def test_time_without_zone_is_not_sent():
    with pytest.raises(ValueError, match="time zone"):
        replace(REQUEST, time=datetime(2026, 3, 1)).to_xml()


def test_signed_request_is_read():
    inner = REQUEST.to_xml().split(b"\n", 1)[1]
    signed = b'<SignedKmsRequest xmlns="%b">%b</SignedKmsRequest>' % (
        kms.NAMESPACE.encode(),
        inner,
    )

    assert kms.read_request(signed) == REQUEST


def test_time_without_zone_is_read_as_utc():
    data = REQUEST.to_xml().replace(b"12:00:00Z", b"12:00:00.5")

    assert kms.read_request(data).time == NOW + timedelta(milliseconds=500)


def test_unknown_elements_comments_and_white_space_are_passed_over():
    data = REQUEST.to_xml().replace(
        b"<UserUri>", b"<x:More xmlns:x='urn:x'/><UserUri>\n  <!-- who -->"
    )

    assert kms.read_request(data) == REQUEST


@pytest.mark.parametrize("certificate", [CERTIFICATE, FULL_CERTIFICATE], ids=["required", "full"])
def test_certificate_comes_back(certificate):
    response = kms.read_response(kms.build_init_response(REQUEST, certificate, NOW, "kms-1"))

    assert response == kms.KmsResponse(
        user_uri=REQUEST.user_uri,
        kms_uri=REQUEST.kms_uri,
        time=NOW,
        client_req_url=REQUEST.client_req_url,
        kms_id="kms-1",
        certificate=certificate,
    )


@pytest.mark.parametrize("encoding", ["base64", "hex"])
@pytest.mark.parametrize("key_sets", [(), (KEY_SET,), (KEY_SET, FULL_KEY_SET)])
def test_key_sets_come_back(key_sets, encoding):
    data = kms.build_keyprov_response(REQUEST, key_sets, NOW, user_id_encoding=encoding)

    response = kms.read_response(data)

    assert (response.certificate, response.key_sets, response.error) == (None, key_sets, None)


def test_user_id_is_written_in_base64_or_hex():
    base64_text, hex_text = (
        re.search(rb"<UserID>(.*)</UserID>", data)[1]
        for data in (
            kms.build_keyprov_response(REQUEST, [KEY_SET]),
            kms.build_keyprov_response(REQUEST, [KEY_SET], user_id_encoding="hex"),
        )
    )

    assert (len(base64_text), hex_text.decode()) == (44, KEY_SET.user_id.hex())


def test_error_comes_back():
    response = kms.read_response(kms.build_error_response(REQUEST, 403, "not your keys", NOW))

    assert response.error == KmsError(403, "not your keys")
    assert (response.certificate, response.key_sets) == (None, None)


def test_certificate_has_the_elements_of_the_schema_in_order():
    data = kms.build_init_response(REQUEST, FULL_CERTIFICATE, NOW)

    assert locals_of(data, "{*}KmsMessage/{*}KmsInit/{*}KmsCertificate/*") == [
        "CertUri",
        "KmsUri",
        "Issuer",
        "ValidFrom",
        "ValidTo",
        "Revoked",
        "UserIdFormat",
        "UserKeyPeriod",
        "UserKeyOffset",
        "PubEncKey",
        "PubAuthKey",
        "ParameterSet",
        "KmsDomainList",
    ]


def test_key_set_has_the_elements_of_the_schema_in_order():
    data = kms.build_keyprov_response(REQUEST, [FULL_KEY_SET], NOW)

    assert locals_of(data, "{*}KmsMessage/{*}KmsKeyProv/{*}KmsKeySet/*") == [
        "KmsUri",
        "CertUri",
        "Issuer",
        "UserUri",
        "UserID",
        "ValidFrom",
        "ValidTo",
        "KeyPeriodNo",
        "Revoked",
        "UserDecryptKey",
        "UserSigningKeySSK",
        "UserPubTokenPVT",
    ]


def test_keys_name_their_type():
    data = kms.build_keyprov_response(REQUEST, [KEY_SET], NOW)

    assert data.count(b'xsi:type="KeyContentType"') == 3


def test_keys_without_a_type_are_read():
    data = kms.build_keyprov_response(REQUEST, [KEY_SET], NOW)

    response = kms.read_response(data.replace(b' xsi:type="KeyContentType"', b""))

    assert response.key_sets == (KEY_SET,)


def test_wrapped_keys_are_refused():
    data = kms.build_keyprov_response(REQUEST, [KEY_SET], NOW)

    with pytest.raises(KmsMessageError, match="wrapped keys"):
        kms.read_response(data.replace(b'"KeyContentType"', b'"EncKeyContentType"'))


def test_unsigned_wrapper_of_a_certificate_is_opened():
    data = kms.build_init_response(REQUEST, CERTIFICATE, NOW)
    wrapped = data.replace(b"<KmsCertificate ", b"<SignedKmsCertificate><KmsCertificate ")
    wrapped = wrapped.replace(b"</KmsCertificate>", b"</KmsCertificate></SignedKmsCertificate>")

    assert kms.read_response(wrapped).certificate == CERTIFICATE


def test_signed_response_is_refused():
    data = b'<SignedKmsResponse xmlns="urn:3gpp:ns:mcsecKMSInterface:1.0"/>'

    with pytest.raises(KmsMessageError, match="expected KmsResponse"):
        kms.read_response(data)


SMALL = REQUEST.to_xml()
DTD = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "well-formed"),
        (b"<", "well-formed"),
        (b"\xff\xfe\x00", "well-formed"),
        (SMALL + b"x", "well-formed"),
        (SMALL.replace(b"<KmsRequest", DTD + b"<KmsRequest", 1), "document type"),
        (("<!DOCTYPE r [<!ENTITY x 'y'>]><r>&x;</r>").encode("utf-16"), "document type"),
        (b"<KmsRequest/>", "expected KmsRequest"),
        (SMALL.replace(b"Interface:1.0", b"Interface:2.0"), "expected KmsRequest"),
        (SMALL.replace(b"UserUri", b"UserUrl"), "UserUri is missing"),
        (SMALL.replace(b"<UserUri>", b"<UserUri>x</UserUri><UserUri>"), "UserUri stands 2 times"),
        (SMALL.replace(b"sip:alice", b"<b/>sip:alice"), "elements instead of text"),
        (SMALL.replace(b"2026-03-01T", b"2026-02-30T"), "not a date"),
        (SMALL.replace(b"2026-03-01T12", b"yesterday at noon"), "not a date"),
        (SMALL.replace(b"2026-03-01T", b"2026-03-01 "), "not a date"),
        (b" " * (1 << 20) + SMALL, "octets"),
        (b"<a>" * 5000 + b"</a>" * 5000, "well-formed"),
    ],
)
def test_unreadable_request_is_refused(data, reason):
    with pytest.raises(KmsMessageError, match=reason):
        kms.read_request(data)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b">2592000<", b">a month<", "UserKeyPeriod is not a number"),
        (b">2592000<", b">" + b"9" * 5000 + b"<", "UserKeyPeriod is not a number"),
        (vectors.KPAK.hex().upper().encode(), b"04 50", "PubAuthKey is not hexadecimal"),
        (b"<Revoked>false", b"<Revoked>no", "Revoked is not a boolean"),
        (b"KmsCertificate", b"KmsPassport", "KmsCertificate is missing"),
    ],
)
def test_unreadable_certificate_is_refused(old, new, reason):
    data = kms.build_init_response(REQUEST, FULL_CERTIFICATE, NOW)

    with pytest.raises(KmsMessageError, match=reason):
        kms.read_response(data.replace(old, new))


def test_unreadable_user_id_is_refused():
    data = kms.build_keyprov_response(REQUEST, [KEY_SET], NOW)

    with pytest.raises(KmsMessageError, match="UserID is neither"):
        kms.read_response(re.sub(rb"<UserID>.*</UserID>", b"<UserID>~</UserID>", data))


def test_moment_is_written_as_in_the_specification():
    at = datetime(2014, 2, 23, 8, 39, 14, tzinfo=UTC)

    assert kms.ntp_time(at) == "D6B4323200000000"
    assert kms.read_ntp_time("D6B4323200000000") == at


@pytest.mark.parametrize("microsecond", [0, 1, 333333, 500000, 999999])
def test_moment_survives_the_way_there_and_back(microsecond):
    at = NOW.replace(microsecond=microsecond)

    assert kms.read_ntp_time(kms.ntp_time(at)) == at


@pytest.mark.parametrize("written", ["", "D6B43232", "D6B432320000000G", "D6B4323200000000 "])
def test_malformed_moment_is_refused(written):
    with pytest.raises(ValueError, match="hexadecimal"):
        kms.read_ntp_time(written)


def test_keys_of_a_user_are_asked_for_under_the_escaped_uri():
    at = datetime(2014, 2, 23, 8, 39, 14, tzinfo=UTC)
    base = "/keymanagement/identity/v1/keyprov"

    assert kms.keyprov_path() == base
    assert kms.keyprov_path("sip:user@example.org") == f"{base}/sip%3Auser%40example.org"
    assert (
        kms.keyprov_path("sip:user@example.org", at)
        == f"{base}/sip%3Auser%40example.org/D6B4323200000000"
    )


def test_moment_without_a_uri_is_not_asked_for():
    with pytest.raises(ValueError, match="URI"):
        kms.keyprov_path(at=NOW)
