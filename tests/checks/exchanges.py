"""Builders of exchanges with readable defaults: what a right UE of Alice sends at the primary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from muster.evidence import (
    Contact,
    Fields,
    HttpExchange,
    Json,
    Judgement,
    SipAnswer,
    SipExchange,
    TokenUse,
    Window,
)
from muster.protocol.sip.multipart import Part, build_multipart

ALICE = "sip:alice@primary.example"
ICSI = "urn:urn-7:3gpp-service.ims.icsi.mcptt"
INSTANCE = "urn:uuid:0c5a6b1e-0000-4000-8000-000000000001"
CONTACT = (
    "<sip:ue@127.0.0.9:5062>;+g.3gpp.mcptt"
    ';+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mcptt"'
)
FORM = ("Content-Type", "application/x-www-form-urlencoded")

UE_CONFIGURATION = f"org.3gpp.mcptt.ue-config/users/{ALICE}/ue-1"
PROFILE = f"org.3gpp.mcptt.user-profile/users/{ALICE}/mcptt-user-profile-1.xml"
OTHER_PROFILE = f"org.3gpp.mcptt.user-profile/users/{ALICE}/mcptt-user-profile-0.xml"
SERVICE_CONFIGURATION = "org.3gpp.mcptt.service-config/global/service-config.xml"
GROUPS = "org.openmobilealliance.groups/global"
GROUP = f"{GROUPS}/byGroupID/sip:command@primary.example"

Report = tuple[str, str, str, str]
"""Requirement, what was expected, what was observed, name of the exchange."""


@dataclass(frozen=True)
class Case:
    """A check with its arguments and all that it has to report of them."""

    fact: str
    check: Callable[..., Judgement]
    arguments: tuple[Any, ...]
    reports: tuple[Report, ...] = ()

    def judge(self) -> None:
        judgement = self.check(*self.arguments)

        found = tuple(
            (f.requirement, f.expected, f.observed, f.exchange) for f in judgement.findings
        )
        assert found == self.reports
        of_check = set(getattr(self.check, "through", ()))
        assert all(of_check <= set(found.through) for found in judgement.findings)


def cases(*every: Case) -> pytest.MarkDecorator:
    """Run a test for each case, under the fact that it shows."""
    return pytest.mark.parametrize("case", every, ids=[case.fact for case in every])


# Tokens ----------------------------------------------------------------------------------------


def token(
    kind: str = "access",
    issuer: str = "primary",
    place: str = "authorization",
    scopes: Sequence[str] = ("openid", "3gpp:mc:ptt_key_management_service"),
) -> TokenUse:
    return TokenUse(f"masked-{kind}", kind, issuer, ALICE, tuple(scopes), False, place)


UNKNOWN_TOKEN = TokenUse("masked-unknown", "unknown", "", "", (), False, "authorization")


# HTTP ------------------------------------------------------------------------------------------


def http(
    target: str = "/",
    name: str = "X1",
    method: str = "GET",
    system: str = "primary",
    server: str = "cms",
    headers: Fields = (),
    body: bytes = b"",
    status: int | None = 200,
    tokens: Sequence[TokenUse] = (),
    facts: dict[str, Json] | None = None,
    at: float = 10.0,
    etag: str = "",
) -> HttpExchange:
    """An exchange that takes one second from `at` on."""
    return HttpExchange(
        name=name,
        started=at,
        ended=at + 1,
        system=system,
        server=server,
        connection="C1",
        method=method,
        target=target,
        headers=headers,
        body=body,
        status=status,
        response_headers=(("ETag", etag),) if etag else (),
        response_body=b"",
        tls="TLSv1.3",
        tokens=tuple(tokens),
        facts=facts or {},
    )


def read(selector: str, name: str = "X1", root: str = "/root", **more: Any) -> HttpExchange:
    """GET of a document with the access token of the system that is asked."""
    use = token(issuer=more.get("system", "primary"))
    return http(f"{root}/{selector}", name, **{"tokens": (use,), **more})


def read_group(selector: str = GROUP, name: str = "X1", **more: Any) -> HttpExchange:
    return read(selector, name, **{"server": "gms", **more})


def post_form(
    form: dict[str, str], target: str = "/as/token", name: str = "X1", **more: Any
) -> HttpExchange:
    members = {"method": "POST", "server": "idms", "headers": (FORM,), **more}
    return http(target, name, body=urlencode(form).encode(), **members)


# SIP -------------------------------------------------------------------------------------------


def sip(
    method: str,
    parts: Sequence[Part] = (),
    name: str = "S1",
    system: str = "primary",
    headers: Fields = (),
    uri: str = "sip:server@primary.example",
    statuses: Sequence[int] = (200,),
    tokens: Sequence[TokenUse] = (),
    direction: str = "from_ue",
    at: float = 10.0,
) -> SipExchange:
    """An exchange that takes one second from `at` on; with parts it has a multipart body."""
    content_type, body = build_multipart(parts) if parts else ("", b"")
    typed: Fields = (("Content-Type", content_type),) if parts else ()
    return SipExchange(
        name=name,
        started=at,
        ended=at + 1,
        system=system,
        server="sip",
        connection="F1",
        direction=direction,
        transport="udp",
        method=method,
        request_uri=uri,
        headers=(*headers, *typed),
        body=body,
        responses=tuple(SipAnswer(status, "", (), b"") for status in statuses),
        tokens=tuple(tokens),
    )


def info(*elements: tuple[str, str], kind: str = ' type="Normal"') -> Part:
    """An mcptt-info body of (name, value): URIs in mcpttURI, all else in mcpttString."""
    inner = ""
    for element, value in elements:
        typed = "mcpttURI" if value.startswith("sip:") else "mcpttString"
        inner += f"<{element}{kind}><{typed}>{value}</{typed}></{element}>"
    return Part(
        "application/vnd.3gpp.mcptt-info+xml",
        f'<mcpttinfo xmlns="urn:3gpp:ns:mcpttInfo:1.0"><mcptt-Params>{inner}</mcptt-Params>'
        "</mcpttinfo>".encode(),
    )


AUTHORISING = info(("mcptt-access-token", "masked-access"), ("mcptt-client-id", INSTANCE))
OWN_SETTINGS = info(("mcptt-request-uri", ALICE), ("mcptt-client-id", INSTANCE))


def settings(index: str | None = "1", namespace: str = "urn:3gpp:mcsSettings:1.0") -> Part:
    chosen = (
        f'<s:selected-user-profile-index xmlns:s="{namespace}">'
        f"<s:user-profile-index>{index}</s:user-profile-index></s:selected-user-profile-index>"
    )
    return Part(
        "application/poc-settings+xml",
        '<poc-settings xmlns="urn:oma:params:xml:ns:poc:poc-settings">'
        f'<entity id="{INSTANCE}">{chosen if index is not None else ""}</entity>'
        "</poc-settings>".encode(),
    )


def resource_list(*entries: str) -> Part:
    inner = "".join(f'<entry uri="{entry}"/>' for entry in entries)
    return Part(
        "application/resource-lists+xml",
        '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">'
        f"<list>{inner}</list></resource-lists>".encode(),
    )


def publish(parts: Sequence[Part] = (AUTHORISING, settings()), **more: Any) -> SipExchange:
    """PUBLISH for service authorisation with settings; `drop` leaves a header field out."""
    dropped = more.pop("drop", "")
    changed: dict[str, str] = more.pop("fields", {})
    fields = {
        "Event": "poc-settings",
        "P-Preferred-Service": ICSI,
        "Expires": "4294967295",
        **changed,
    }
    headers = tuple((key, value) for key, value in fields.items() if key != dropped)
    use = token(place="body", issuer=more.get("system", "primary"))
    return sip("PUBLISH", parts, **{"headers": headers, "tokens": (use,), **more})


def subscribe(
    *entries: str, parts: Sequence[Part] | None = None, drop: str = "", **more: Any
) -> SipExchange:
    """SUBSCRIBE to changes of documents; `drop` leaves a header field out."""
    changed: dict[str, str] = more.pop("fields", {})
    fields = {
        "Event": "xcap-diff",
        "Accept": "application/xcap-diff+xml",
        "P-Preferred-Service": ICSI,
        "Contact": CONTACT,
        **changed,
    }
    headers = tuple((key, value) for key, value in fields.items() if key != drop)
    body = (info(("mcptt-access-token", "masked-access")), resource_list(*entries))
    use = token(place="body", issuer=more.get("system", "primary"))
    members = {"headers": headers, "tokens": (use,), **more}
    return sip("SUBSCRIBE", body if parts is None else parts, **members)


def register(contact: str = CONTACT, to: str = ALICE, **more: Any) -> SipExchange:
    return sip("REGISTER", **{"headers": (("To", f"<{to}>"), ("Contact", contact)), **more})


def notify(versions: dict[str, str], status: int | None = 200, **more: Any) -> SipExchange:
    """NOTIFY of selectors with new ETags; an empty ETag stands for a removed document."""
    lines = "".join(
        f'<document sel="{selector}" ' + (f'new-etag="{etag}"/>' if etag else 'previous-etag="a"/>')
        for selector, etag in versions.items()
    )
    body = (
        '<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" xcap-root="https://cms.example/root">'
        f"{lines}</xcap-diff>"
    )
    members = {
        "name": "N1",
        "direction": "to_ue",
        "statuses": () if status is None else (status,),
        **more,
    }
    made = sip("NOTIFY", **members)
    typed = (("Content-Type", "application/xcap-diff+xml"),)
    return SipExchange(**{**vars(made), "headers": typed, "body": body.encode()})


# Time ------------------------------------------------------------------------------------------


def contact(server: str, time: float, system: str = "primary", event: str = "accepted") -> Contact:
    return Contact(system, server, "C2", event, time)


WINDOW = Window(5.0, 30.0, 1.0, "the UE acted")
