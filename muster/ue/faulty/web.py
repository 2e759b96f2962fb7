"""Faults of the way to a server: certificates, versions of TLS, addresses, redirections."""

from __future__ import annotations

import socket
import ssl
import warnings
from collections.abc import Mapping

import aiohttp
from yarl import URL

from muster.ue.faulty.clear_text import ask_in_the_clear
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.web import Web, WebAnswer


class AnyCertificate(Web):
    def tls(self) -> ssl.SSLContext:
        context = super().tls()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context


class AnyHostName(Web):
    def tls(self) -> ssl.SSLContext:
        context = super().tls()
        context.check_hostname = False
        return context


class OldTls(Web):
    def tls(self) -> ssl.SSLContext:
        context = super().tls()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
        return context


class NothingBeforeTls13(Web):
    def tls(self) -> ssl.SSLContext:
        context = super().tls()
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        return context


class NothingAfterTls12(Web):
    def tls(self) -> ssl.SSLContext:
        context = super().tls()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context


class NoIpv6(Web):
    def own_socket(self, place: aiohttp.AddrInfoType) -> socket.socket:
        if place[0] != socket.AF_INET:
            raise OSError("what is IPv6?")
        return super().own_socket(place)


class FallsBackToPlainHttp(Web):
    async def send_once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> WebAnswer:
        try:
            return await super().send_once(method, url, headers, body)
        except Refusal as refusal:
            if isinstance(refusal.__cause__, aiohttp.ClientSSLError):
                target = URL(url, encoded=True)
                await ask_in_the_clear(method, target, headers, self._provisioning.hosts)
            raise


class FollowsRedirects(Web):
    async def send_once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> WebAnswer:
        answer = await super().send_once(method, url, headers, body)
        location = answer.headers.get("Location", "")
        if answer.status not in (307, 308):
            return answer
        if location.startswith("https:"):
            return await super().send_once(method, location, headers, body)
        target = URL(location, encoded=True)
        await ask_in_the_clear(method, target, headers, self._provisioning.hosts)
        return answer


REFUSED = "bootstrap/refused.feature"
CERTIFICATES = "bootstrap/certificates.feature"
VERSIONS = "bootstrap/tls_versions.feature"
PLACES = "bootstrap/places.feature"
NO_FURTHER = "TS23280-10.1.1.1-01"

FAULTS = (
    FaultyUe(
        "ignores_certificate_errors",
        "Speaks to any server that speaks TLS, whatever its certificate.",
        made_of(web=AnyCertificate),
        "TS24482-A.2.1.2-01",
        (CERTIFICATES, "robustness/untrusted_servers.feature"),
        (NO_FURTHER,),
    ),
    FaultyUe(
        "accepts_any_host_name",
        "Accepts a certificate of a trusted authority for whichever name.",
        made_of(web=AnyHostName),
        "TS24482-A.2.1.2-01",
        (CERTIFICATES,),
        (NO_FURTHER,),
    ),
    FaultyUe(
        "falls_back_to_plain_http",
        "Tries without TLS where TLS fails.",
        made_of(web=FallsBackToPlainHttp),
        "TS24484-6.2.2-01",
        (CERTIFICATES,),
        ("TS33180-6.1.2-01",),
    ),
    FaultyUe(
        "speaks_forbidden_tls",
        "Speaks TLS 1.1 with a server that knows nothing better.",
        made_of(web=OldTls),
        "RFC8996-5-01",
        (VERSIONS,),
    ),
    FaultyUe(
        "knows_no_tls_1_2",
        "Speaks TLS 1.3 and nothing else.",
        made_of(web=NothingBeforeTls13),
        "TS33310-E.1-01",
        (VERSIONS,),
    ),
    FaultyUe(
        "knows_no_tls_1_3",
        "Claims TLS 1.3 and speaks TLS 1.2 only.",
        made_of(web=NothingAfterTls12),
        "TS33310-E.1-02",
        (VERSIONS,),
    ),
    FaultyUe(
        "knows_no_ipv6",
        "Claims IPv6 and speaks IPv4 only.",
        made_of(web=NoIpv6),
        "RFC5875-4.8-01",
        (PLACES,),
    ),
    FaultyUe(
        "follows_redirects",
        "Goes wherever a redirection points, with everything that it carries.",
        made_of(web=FollowsRedirects),
        "TS24484-6.2.2-01",
        (REFUSED, "robustness/misled.feature"),
        ("TS24484-7.2.1-53", "TS33180-6.1.2-01", "TS33180-B.7.1-01"),
    ),
)
