"""What can be wrong with the bootstrap: the server's certificate, and the document it serves.

Certificates come as TLS contexts for a server that runs; changes of the document are functions
from octets to octets, for `Population.alter`.
"""

from __future__ import annotations

import re
import ssl
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from stubs.system import HTTP_SERVERS, McSystem

OTHER_NAMESPACE = "urn:muster:extension-of-a-later-day"
DAY = timedelta(days=1)

# Certificates ----------------------------------------------------------------------------------


def names_of(system: McSystem) -> list[str]:
    """Every name and address that a certificate of the system stands for."""
    return [system.host, system.domain, *(system.host_name(server) for server in HTTP_SERVERS)]


def of_unknown_authority(system: McSystem) -> ssl.SSLContext:
    """A certificate that is right but for its issuer, whom no UE knows."""
    return system.tls.context(trustme.CA().issue_cert(*names_of(system)))


def expired(system: McSystem) -> ssl.SSLContext:
    """A certificate of the known authority that ended yesterday."""
    ended = datetime.now(UTC) - DAY
    return system.tls.context(system.authority.issue_cert(*names_of(system), not_after=ended))


def of_another_name(system: McSystem) -> ssl.SSLContext:
    """A certificate of the known authority, for a server of another operator."""
    return system.tls.context(system.authority.issue_cert("bootstrap.elsewhere.example"))


def self_signed(system: McSystem) -> ssl.SSLContext:
    """A certificate for the right names that nobody but its holder vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, system.domain)])
    begins = datetime.now(UTC) - DAY
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + 30 * DAY)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names_of(system))), False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    context = system.tls.context()
    with trustme.Blob(
        key.private_bytes(pem, *plain) + certificate.public_bytes(pem)
    ).tempfile() as path:
        context.load_cert_chain(path)
    return context


def speaking(system: McSystem, lowest: ssl.TLSVersion, highest: ssl.TLSVersion) -> ssl.SSLContext:
    """The system's own certificate, on a server that knows only these versions of TLS."""
    context = system.tls.context(system.authority.issue_cert(*names_of(system)))
    with warnings.catch_warnings():
        # Versions that are long forbidden are offered on purpose.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = lowest, highest
        if highest < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def for_host(system: McSystem, host: str) -> ssl.SSLContext:
    """A right certificate for another address of the system."""
    return system.tls.context(system.authority.issue_cert(host, *names_of(system)))


def _alternatives(names: list[str]) -> list[x509.GeneralName]:
    address, *others = names
    return [x509.IPAddress(ip_address(address)), *(x509.DNSName(name) for name in others)]


# Documents -------------------------------------------------------------------------------------


def not_closed(document: bytes) -> bytes:
    """The root is never closed: not well-formed, with all else in its place."""
    return document.rpartition(b"</")[0]


def nothing(document: bytes) -> bytes:
    """No document at all."""
    return b""


def endless(document: bytes) -> bytes:
    """A megabyte of filling behind the last part, and no end."""
    return not_closed(document) + b"<!-- " + b"filling " * 131072


def of_another_namespace(document: bytes) -> bytes:
    """The same names in a namespace that is not that of the document."""
    namespace = b"urn:3gpp:mcptt:mcpttUEinitConfig:1.0"
    return document.replace(namespace, b"urn:3gpp:mcptt:ue-init-config:0.1")


def without(document: bytes, names: Sequence[str]) -> bytes:
    """Leave out every element of these names."""
    for name in names:
        tag = name.encode()
        document = re.sub(rb"<%b[ >].*?</%b>" % (tag, tag), b"", document, flags=re.DOTALL)
    return document


def with_text(document: bytes, name: str, text: str) -> bytes:
    """Give another text to the first element of the name."""
    tag = name.encode()
    told = text.replace("&", "&amp;").encode()
    return re.sub(rb"(<%b>).*?(</%b>)" % (tag, tag), rb"\g<1>%b\g<2>" % told, document, count=1)


def with_later_elements(document: bytes) -> bytes:
    """Elements that a later release may add, where the schema has room for them: in anyExt."""
    new = (
        b"<LaterServer>sip:later@extension.example</LaterServer>"
        b"<Later-Service-Details><IPv6-Required>true</IPv6-Required>"
        b"<Server-URI>sip:later@extension.example:1</Server-URI></Later-Service-Details>"
    )
    in_servers = b"<anyExt>" + new + b"</anyExt></App-Server-Info>"
    document = document.replace(b"</App-Server-Info>", in_servers)
    head, mark, tail = document.rpartition(b"</anyExt>")
    return head + new + mark + tail


def with_foreign_elements(document: bytes) -> bytes:
    """Elements of another namespace at the end of the root, and one in the servers' part."""
    foreign = (
        f'<x:operator xmlns:x="{OTHER_NAMESPACE}"><x:idms-auth-endpoint>'
        "https://extension.example:1</x:idms-auth-endpoint></x:operator>"
    ).encode()
    head, mark, tail = document.rpartition(b"</")
    return head + foreign + mark + tail


def with_foreign_attributes(document: bytes) -> bytes:
    """Attributes that the root's schema lets pass: of no namespace and of another one."""
    more = f'x:made-by="operator" xmlns:x="{OTHER_NAMESPACE}" later="yes" domain='.encode()
    return document.replace(b"domain=", more, 1)


def with_pdn_connection(document: bytes, name: str) -> bytes:
    """Name one PDN connection for all that the UE needs."""
    return re.sub(rb"(-to-con-ref>)[^<]*(</)", rb"\g<1>%b\g<2>" % name.encode(), document)


def with_default_profile(document: bytes) -> bytes:
    """Name a user profile for those who have not signed in (TS 24.484 7.2.2)."""
    default = b'<Default-user-profile User-ID="sip:default@nobody.example" user-profile-index="0"/>'
    return document.replace(b"</name>", b"</name>" + default, 1)


def turned_around(document: bytes) -> bytes:
    """The name after all other parts: the root's schema is a choice, in any order."""
    name = re.search(rb"<name>.*?</name>", document, re.DOTALL)
    assert name is not None
    head, mark, tail = document.replace(name[0], b"", 1).rpartition(b"</")
    return head + name[0] + mark + tail


def for_ue(document: bytes, instance_id: str) -> bytes:
    """Name the UE that the document is for (TS 24.484 7.2.1)."""
    known = without(document, ["mcptt-UE-id"])
    identity = f"<mcptt-UE-id><Instance-ID-URN>{instance_id}</Instance-ID-URN></mcptt-UE-id>"
    return known.replace(b"<name>", identity.encode() + b"<name>", 1)
