"""KMS messages as the KMS and the key management client write and read them (TS 33.180 annex D).

Without the security extension: keys travel unwrapped, protected by TLS alone. Whether a message is
schema-valid is judged elsewhere; the readers take what carries the facts, whatever else it holds.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import quote

from lxml import etree

from muster.protocol import kms_xml as xml
from muster.protocol.kms_wrapping import TransportKey, append_wrapped, unwrapping
from muster.protocol.kms_xml import NAMESPACE, KmsMessageError
from muster.protocol.mikey_sakke import KEY_PERIOD_EPOCH, PARAMETER_SET, USER_ID_FORMAT, UserKeys

__all__ = [
    "INIT_PATH",
    "KEYPROV_PATH",
    "MEDIA_TYPE",
    "NAMESPACE",
    "KeySet",
    "KmsCertificate",
    "KmsError",
    "KmsMessageError",
    "KmsRequest",
    "KmsResponse",
    "build_error_response",
    "build_init_response",
    "build_keyprov_response",
    "keyprov_path",
    "ntp_time",
    "read_ntp_time",
    "read_request",
    "read_response",
]

MEDIA_TYPE = "application/xml"
INIT_PATH = "/keymanagement/identity/v1/init"
CERTCACHE_PATH = "/keymanagement/identity/v1/certcache"
KEYPROV_PATH = "/keymanagement/identity/v1/keyprov"


@dataclass(frozen=True)
class KmsRequest:
    """What a client sends with each of its requests (D.2.2)."""

    user_uri: str
    kms_uri: str
    time: datetime
    client_req_url: str
    client_id: str | None = None
    device_id: str | None = None
    transport_key_id: str | None = None

    def to_xml(self) -> bytes:
        root = xml.root_element("KmsRequest", "1.1.0")
        xml.append(root, "UserUri", self.user_uri)
        xml.append(root, "KmsUri", self.kms_uri)
        xml.append(root, "Time", xml.date_time(self.time))
        xml.append(root, "ClientId", self.client_id)
        xml.append(root, "DeviceId", self.device_id)
        xml.append(root, "ClientReqUrl", self.client_req_url)
        xml.append(root, "TrK-ID", self.transport_key_id)
        return xml.serialised(root)


@dataclass(frozen=True)
class KmsCertificate:
    """The public keys of a KMS, and what its users' identifiers are computed from (D.3.2)."""

    kms_uri: str
    user_key_period: int
    user_key_offset: int
    pub_enc_key: bytes
    pub_auth_key: bytes
    role: str | None = "Root"
    user_id_format: str = USER_ID_FORMAT
    parameter_set: int | None = PARAMETER_SET
    cert_uri: str | None = None
    issuer: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    revoked: bool | None = None
    kms_domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeySet:
    """The keys of one user for one key period (D.3.3); `user_id` is the UID itself."""

    kms_uri: str
    user_uri: str
    user_id: bytes
    key_period_no: int
    keys: UserKeys
    cert_uri: str | None = None
    issuer: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    revoked: bool | None = None


@dataclass(frozen=True)
class KmsError:
    """Why the KMS did not do what was asked; what its codes mean is up to the KMS."""

    code: int
    message: str


@dataclass(frozen=True)
class KmsResponse:
    """An answer; of certificate (init), key sets (keyprov) and error the absent ones are None."""

    user_uri: str
    kms_uri: str
    time: datetime
    client_req_url: str
    kms_id: str | None = None
    certificate: KmsCertificate | None = None
    key_sets: tuple[KeySet, ...] | None = None
    error: KmsError | None = None


def keyprov_path(uri: str | None = None, at: datetime | None = None) -> str:
    """Where keys are asked for: one's own, those of a URI, those of a URI at a moment (D.2.4)."""
    if uri is None:
        if at is not None:
            raise ValueError("a moment is asked for together with a URI only")
        return KEYPROV_PATH
    path = f"{KEYPROV_PATH}/{quote(uri, safe='')}"
    return path if at is None else f"{path}/{ntp_time(at)}"


def ntp_time(at: datetime) -> str:
    """The 64-bit NTP timestamp in hexadecimal: seconds since 1900, then their fraction."""
    microseconds = (at - KEY_PERIOD_EPOCH) // timedelta(microseconds=1)
    return f"{(microseconds << 32) // 1_000_000:016X}"


def read_ntp_time(written: str) -> datetime:
    """The moment of an NTP timestamp; ValueError unless it is 16 hexadecimal digits."""
    if len(written) != 16:
        raise ValueError(f"an NTP timestamp has 16 hexadecimal digits, not {len(written)}")
    seconds, fraction = divmod(int.from_bytes(bytes.fromhex(written), "big"), 1 << 32)
    # Rounded up, so that a moment survives the way there and back.
    microseconds = -(-fraction * 1_000_000 >> 32)
    return KEY_PERIOD_EPOCH + timedelta(seconds=seconds, microseconds=microseconds)


def build_init_response(
    request: KmsRequest,
    certificate: KmsCertificate,
    time: datetime | None = None,
    kms_id: str | None = None,
) -> bytes:
    """The answer to init: the certificate of the KMS (D.3.2)."""
    root = _response(request, time, kms_id)
    _append_certificate(_append_message(root, "KmsInit"), certificate)
    return xml.serialised(root)


def build_keyprov_response(
    request: KmsRequest,
    key_sets: Sequence[KeySet],
    time: datetime | None = None,
    kms_id: str | None = None,
    user_id_encoding: Literal["base64", "hex"] = "base64",
    transport_key: TransportKey | None = None,
) -> bytes:
    """The answer to keyprov (D.3.3); implementations differ in how they write UserID.

    With a transport key the user's keys are encrypted under it.
    """
    root = _response(request, time, kms_id)
    message = _append_message(root, "KmsKeyProv")
    for key_set in key_sets:
        _append_key_set(message, key_set, user_id_encoding, transport_key)
    return xml.serialised(root)


def build_error_response(
    request: KmsRequest,
    code: int,
    message: str,
    time: datetime | None = None,
    kms_id: str | None = None,
) -> bytes:
    """The answer to a request that is not served: KmsError instead of KmsMessage (D.3.1)."""
    root = _response(request, time, kms_id)
    error = xml.append_versioned(root, "KmsError", "1.0.0")
    xml.append(error, "ErrorCode", str(code))
    xml.append(error, "ErrorMsg", message)
    return xml.serialised(root)


def read_request(data: bytes) -> KmsRequest:
    """The request, also out of a SignedKmsRequest, whose signature is not looked at."""
    root = xml.parsed(data)
    if root.tag == xml.name("SignedKmsRequest"):
        root = xml.only(root, "KmsRequest")
    xml.expect(root, "KmsRequest")
    return KmsRequest(
        user_uri=xml.text(root, "UserUri"),
        kms_uri=xml.text(root, "KmsUri"),
        time=xml.moment(root, "Time"),
        client_req_url=xml.text(root, "ClientReqUrl"),
        client_id=xml.optional_text(root, "ClientId"),
        device_id=xml.optional_text(root, "DeviceId"),
        transport_key_id=xml.optional_text(root, "TrK-ID"),
    )


def read_response(data: bytes, transport_key: TransportKey | None = None) -> KmsResponse:
    """The response; a signed one is refused, since nobody here could verify it.

    Keys that are encrypted are read with the transport key.
    """
    root = xml.parsed(data)
    xml.expect(root, "KmsResponse")
    message = xml.at_most_one(root, "KmsMessage")
    init = None if message is None else xml.at_most_one(message, "KmsInit")
    provision = None if message is None else xml.at_most_one(message, "KmsKeyProv")
    error = xml.at_most_one(root, "KmsError")
    return KmsResponse(
        user_uri=xml.text(root, "UserUri"),
        kms_uri=xml.text(root, "KmsUri"),
        time=xml.moment(root, "Time"),
        client_req_url=xml.text(root, "ClientReqUrl"),
        kms_id=xml.optional_text(root, "KmsId"),
        certificate=None if init is None else _read_certificate(init),
        key_sets=None if provision is None else _read_key_sets(provision, transport_key),
        error=None if error is None else _read_error(error),
    )


def _response(request: KmsRequest, time: datetime | None, kms_id: str | None) -> etree._Element:
    root = xml.root_element("KmsResponse", "1.0.0")
    xml.append(root, "UserUri", request.user_uri)
    xml.append(root, "KmsUri", request.kms_uri)
    xml.append(root, "Time", xml.date_time(time or datetime.now(UTC)))
    xml.append(root, "KmsId", kms_id)
    xml.append(root, "ClientReqUrl", request.client_req_url)
    return root


def _append_message(root: etree._Element, kind: str) -> etree._Element:
    message = etree.SubElement(root, xml.name("KmsMessage"))
    return xml.append_versioned(message, kind, "1.0.0")


def _append_certificate(parent: etree._Element, certificate: KmsCertificate) -> None:
    element = xml.append_versioned(parent, "KmsCertificate", "1.1.0")
    if certificate.role is not None:
        element.set("Role", certificate.role)
    xml.append(element, "CertUri", certificate.cert_uri)
    xml.append(element, "KmsUri", certificate.kms_uri)
    xml.append(element, "Issuer", certificate.issuer)
    _append_validity(element, certificate)
    _append_revocation(element, certificate)
    xml.append(element, "UserIdFormat", certificate.user_id_format)
    xml.append(element, "UserKeyPeriod", str(certificate.user_key_period))
    xml.append(element, "UserKeyOffset", str(certificate.user_key_offset))
    xml.append(element, "PubEncKey", certificate.pub_enc_key.hex().upper())
    xml.append(element, "PubAuthKey", certificate.pub_auth_key.hex().upper())
    if certificate.parameter_set is not None:
        xml.append(element, "ParameterSet", str(certificate.parameter_set))
    if certificate.kms_domains:
        domains = etree.SubElement(element, xml.name("KmsDomainList"))
        for domain in certificate.kms_domains:
            xml.append(domains, "KmsDomain", domain)


def build_certificate_cache_response(
    request: KmsRequest, certificates: Sequence[KmsCertificate], number: int
) -> bytes:
    """The answer to certcache: certificates of other key servers (D.3.4)."""
    root = _response(request, None, None)
    cache = _append_message(root, "KmsCertCache")
    cache.set("CacheNum", str(number))
    for certificate in certificates:
        _append_certificate(cache, certificate)
    return xml.serialised(root)


def _append_key_set(
    parent: etree._Element, key_set: KeySet, encoding: str, transport_key: TransportKey | None
) -> None:
    element = xml.append_versioned(parent, "KmsKeySet", "1.1.0")
    user_id = key_set.user_id
    xml.append(element, "KmsUri", key_set.kms_uri)
    xml.append(element, "CertUri", key_set.cert_uri)
    xml.append(element, "Issuer", key_set.issuer)
    xml.append(element, "UserUri", key_set.user_uri)
    in_hex = encoding == "hex"
    xml.append(element, "UserID", user_id.hex() if in_hex else base64.b64encode(user_id).decode())
    _append_validity(element, key_set)
    xml.append(element, "KeyPeriodNo", str(key_set.key_period_no))
    _append_revocation(element, key_set)
    keys = key_set.keys
    for local, octets in (
        ("UserDecryptKey", keys.decrypt_key),
        ("UserSigningKeySSK", keys.signing_key),
        ("UserPubTokenPVT", keys.public_token),
    ):
        if transport_key is None:
            xml.append_key(element, local, octets)
        else:
            append_wrapped(element, local, octets, transport_key)


def _append_validity(element: etree._Element, issued: KmsCertificate | KeySet) -> None:
    for local, moment in (("ValidFrom", issued.valid_from), ("ValidTo", issued.valid_to)):
        xml.append(element, local, None if moment is None else xml.date_time(moment))


def _append_revocation(element: etree._Element, issued: KmsCertificate | KeySet) -> None:
    if issued.revoked is not None:
        xml.append(element, "Revoked", "true" if issued.revoked else "false")


def _read_certificate(init: etree._Element) -> KmsCertificate:
    # The wrapper may also stand without a signature.
    signed = xml.at_most_one(init, "SignedKmsCertificate")
    element = xml.only(init if signed is None else signed, "KmsCertificate")
    domains = xml.at_most_one(element, "KmsDomainList")
    listed = [] if domains is None else domains.findall(xml.name("KmsDomain"))
    return KmsCertificate(
        kms_uri=xml.text(element, "KmsUri"),
        user_key_period=xml.integer(element, "UserKeyPeriod"),
        user_key_offset=xml.integer(element, "UserKeyOffset"),
        pub_enc_key=xml.octets(element, "PubEncKey"),
        pub_auth_key=xml.octets(element, "PubAuthKey"),
        role=element.get("Role"),
        user_id_format=xml.text(element, "UserIdFormat"),
        parameter_set=xml.optional_integer(element, "ParameterSet"),
        cert_uri=xml.optional_text(element, "CertUri"),
        issuer=xml.optional_text(element, "Issuer"),
        valid_from=xml.optional_moment(element, "ValidFrom"),
        valid_to=xml.optional_moment(element, "ValidTo"),
        revoked=xml.optional_boolean(element, "Revoked"),
        kms_domains=tuple((domain.text or "").strip() for domain in listed),
    )


def _read_key_sets(
    provision: etree._Element, transport_key: TransportKey | None
) -> tuple[KeySet, ...]:
    unwrap = unwrapping(transport_key)
    found = provision.findall(xml.name("KmsKeySet"))
    return tuple(_read_key_set(element, unwrap) for element in found)


def _read_key_set(element: etree._Element, unwrap: Callable[[etree._Element], bytes]) -> KeySet:
    return KeySet(
        kms_uri=xml.text(element, "KmsUri"),
        user_uri=xml.text(element, "UserUri"),
        user_id=xml.user_id(element, "UserID"),
        key_period_no=xml.integer(element, "KeyPeriodNo"),
        keys=UserKeys(
            decrypt_key=xml.key(element, "UserDecryptKey", unwrap),
            signing_key=xml.key(element, "UserSigningKeySSK", unwrap),
            public_token=xml.key(element, "UserPubTokenPVT", unwrap),
        ),
        cert_uri=xml.optional_text(element, "CertUri"),
        issuer=xml.optional_text(element, "Issuer"),
        valid_from=xml.optional_moment(element, "ValidFrom"),
        valid_to=xml.optional_moment(element, "ValidTo"),
        revoked=xml.optional_boolean(element, "Revoked"),
    )


def _read_error(element: etree._Element) -> KmsError:
    return KmsError(xml.integer(element, "ErrorCode"), xml.text(element, "ErrorMsg"))
