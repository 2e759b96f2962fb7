"""Named misbehaviours around a migration: entries that do not tell, refusals, negative results."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lxml import etree

from muster.documents.parse import parse
from muster.protocol.sip.endpoint import Flow
from muster.protocol.sip.message import SipRequest, SipResponse, response_to
from stubs import sip_bodies as bodies
from stubs.sip import SipFault, SipHandler

TOLD_BY = {
    "idms": ("idms-auth-endpoint", "idms-token-endpoint"),
    "sip": ("Server-URI",),
    "cms": ("cms", "CMS-XCAP-root-URI"),
    "gms": ("gms", "GMS-URI", "GMS-XCAP-root-URI"),
}
"""Elements of an initial configuration that tell where a server is."""
ROOT = "mcptt-UE-initial-configuration"
INFO = "urn:3gpp:ns:mcpttInfo:1.0"


# Entries of a partner list -----------------------------------------------------------------------


def without_address(system_id: str, server: str) -> Callable[[bytes], bytes]:
    """The entry of that partner does not tell where the server is."""

    def change(body: bytes) -> bytes:
        root = parse(body)
        for access in _entries(root, system_id):
            for element in _named(access, TOLD_BY[server]):
                _removed(element)
        return _written(root)

    return change


def with_unusable_address(system_id: str, server: str) -> Callable[[bytes], bytes]:
    """The entry of that partner tells something about the server that is no address."""

    def change(body: bytes) -> bytes:
        root = parse(body)
        for access in _entries(root, system_id):
            for element in _named(access, TOLD_BY[server]):
                if (element.text or "").startswith("https:"):
                    element.text = "to-be-announced"
        return _written(root)

    return change


def without_access(system_id: str) -> Callable[[bytes], bytes]:
    """The entry of that partner names it and tells nothing else."""

    def change(body: bytes) -> bytes:
        root = parse(body)
        for access in _entries(root, system_id):
            _removed(access)
        return _written(root)

    return change


def _entries(root: etree._Element, system_id: str) -> list[etree._Element]:
    """Return the embedded configurations of the entries of that partner."""
    found = []
    for access in list(root.iter(f"{{*}}{ROOT}")):
        entry = access.getparent()
        texts = [child.text for child in entry] if entry is not None else []
        if system_id in texts:
            found.append(access)
    return found


def _named(access: etree._Element, names: Iterable[str]) -> list[etree._Element]:
    return [element for name in names for element in list(access.iter(f"{{*}}{name}"))]


def _removed(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


# Service authorisation ---------------------------------------------------------------------------


@dataclass
class NegativeMigrationResult(SipFault):
    """A request for service authorisation is answered, and its result says no."""

    async def around(
        self, request: SipRequest, flow: Flow, handler: SipHandler
    ) -> SipResponse | None:
        infos = bodies.service_infos(request)
        if request.method == "SUBSCRIBE" or not any(info.access_token for info in infos):
            return await handler(request, flow)
        headers = [
            ("Content-Type", "application/vnd.3gpp.mcptt-info+xml"),
            ("SIP-ETag", secrets.token_hex(6)),
            ("Expires", request.headers.get("Expires") or "3600"),
        ]
        return response_to(request, 200, headers=headers, body=_negative())


def _negative() -> bytes:
    return (
        f'<mcpttinfo xmlns="{INFO}"><mcptt-Params><anyExt>'
        '<migration-auth-result type="Normal"><mcpttBoolean>false</mcpttBoolean>'
        "</migration-auth-result></anyExt></mcptt-Params></mcpttinfo>"
    ).encode()
