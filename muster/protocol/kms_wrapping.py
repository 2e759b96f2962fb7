"""Keys that travel encrypted under a transport key (TrK): xenc:EncryptedKey of TS 33.180 D.3.5.

How the octets are wrapped no text was seen to say: AES key wrap with padding (RFC 5649) is taken.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)
from lxml import etree

from muster.protocol import kms_xml as xml

XENC = "http://www.w3.org/2001/04/xmlenc#"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
ALGORITHM = "http://www.w3.org/2009/xmlenc11#kw-aes-{}-pad"
WRAPPED_KEY = "EncKeyContentType"


@dataclass(frozen=True)
class TransportKey:
    """A key that a UE and its KMS have in common, with its TrK-ID."""

    name: str
    octets: bytes = field(repr=False)

    @classmethod
    def read(cls, written: str) -> "TransportKey":
        """Read "name=hexadecimal octets". ValueError for any other text."""
        name, _, octets = written.rpartition("=")
        if not name:
            raise ValueError("a transport key is written as name=octets in hexadecimal")
        return cls(name, bytes.fromhex(octets))

    def __str__(self) -> str:
        return f"{self.name}={self.octets.hex()}"


def append_wrapped(parent: etree._Element, local: str, octets: bytes, key: TransportKey) -> None:
    """Write key material as an EncryptedKey under the transport key."""
    element = etree.SubElement(parent, xml.name(local))
    element.set(xml.TYPE, WRAPPED_KEY)
    encrypted = etree.SubElement(element, f"{{{XENC}}}EncryptedKey")
    algorithm = ALGORITHM.format(len(key.octets) * 8)
    etree.SubElement(encrypted, f"{{{XENC}}}EncryptionMethod", Algorithm=algorithm)
    info = etree.SubElement(encrypted, f"{{{DSIG}}}KeyInfo")
    etree.SubElement(info, f"{{{DSIG}}}KeyName").text = key.name
    data = etree.SubElement(encrypted, f"{{{XENC}}}CipherData")
    wrapped = aes_key_wrap_with_padding(key.octets, octets)
    etree.SubElement(data, f"{{{XENC}}}CipherValue").text = base64.b64encode(wrapped).decode()


def unwrapping(key: TransportKey | None) -> Callable[[etree._Element], bytes]:
    """Return what reads an element of wrapped key material; KmsMessageError where it cannot."""

    def unwrap(element: etree._Element) -> bytes:
        if key is None:
            raise xml.KmsMessageError("wrapped keys cannot be read without a transport key")
        written = element.findtext(f".//{{{XENC}}}CipherValue") or ""
        try:
            return aes_key_unwrap_with_padding(key.octets, base64.b64decode(written))
        except (InvalidUnwrap, binascii.Error, ValueError) as error:
            raise xml.KmsMessageError(f"a key is not wrapped under {key.name}") from error

    return unwrap
