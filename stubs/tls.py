"""How the servers of a world speak TLS, whatever certificate each of them shows."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class TlsSetting:
    """What holds for every server of a world; the default is TLS 1.2 or later and no more."""

    keylog: Path | None = None
    """File to which the secrets of every connection are appended, for Wireshark."""
    client_authorities: bytes = b""
    """PEM of the authorities whose client certificates are taken; empty: none is asked for."""
    client_certificate_required: bool = False

    def context(self, certificate: trustme.LeafCert | None = None) -> ssl.SSLContext:
        """A context of a server; without a certificate the caller loads its own."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.keylog is not None:
            context.keylog_filename = str(self.keylog)
        if self.client_authorities:
            context.load_verify_locations(cadata=self.client_authorities.decode("ascii"))
            required = self.client_certificate_required
            context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
        if certificate is not None:
            certificate.configure_cert(context)
        return context


def peer_subject(certificate: dict[str, object] | None) -> str:
    """The subject of a client certificate as `name=value, ...`; empty where there is none."""
    subject = (certificate or {}).get("subject", ())
    assert isinstance(subject, tuple)
    return ", ".join(f"{name}={value}" for part in subject for name, value in part)
