"""What a real UE also sends over SIP, beside its configuration: answered politely, not judged.

Calls find nobody. Registration events (RFC 3680) and presence, which carries affiliation in
TS 24.379 clause 9, are subscribed to with success; each SUBSCRIBE is told the state.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from muster.protocol.sip.dialog import Dialog, DialogError
from muster.protocol.sip.endpoint import Flow
from muster.protocol.sip.fields import SipSyntaxError
from muster.protocol.sip.message import SipRequest, SipResponse, response_to
from stubs import sip_fields as fields

XCAP_DIFF = "xcap-diff"
STATE_TYPES = {"reg": "application/reginfo+xml", "presence": "application/pidf+xml"}
"""Body of a notification, by event package."""

CALLS = ("INVITE", "REFER")
WITHIN_SOMETHING = ("ACK", "BYE", "CANCEL", "INFO", "NOTIFY", "PRACK", "UPDATE")
"""Methods that belong to a dialog or a transaction, and here there is none."""
SERVED = ("REGISTER", "PUBLISH", "SUBSCRIBE", "OPTIONS", "MESSAGE")
ALLOW = ("Allow", ", ".join([*SERVED, *CALLS, *WITHIN_SOMETHING]))
EVENTS = ("Allow-Events", ", ".join([XCAP_DIFF, "poc-settings", *STATE_TYPES]))
ACCEPT = (
    "Accept",
    "multipart/mixed, application/poc-settings+xml, application/resource-lists+xml, "
    "application/vnd.3gpp.mcptt-info+xml, application/vnd.3gpp.mcvideo-info+xml, "
    "application/vnd.3gpp.mcdata-info+xml",
)


def capabilities(request: SipRequest) -> SipResponse:
    """RFC 3261 11.2: what OPTIONS asks for."""
    return response_to(request, 200, headers=[ALLOW, ACCEPT, EVENTS, ("Supported", "")])


def declined(request: SipRequest) -> SipResponse:
    """Answer a method that the MC server has no use for."""
    if request.method in (*CALLS, *WITHIN_SOMETHING):
        within = request.method in WITHIN_SOMETHING or fields.is_in_dialog(request)
        return response_to(request, 481 if within else 480)
    return response_to(request, 405, headers=[ALLOW])


def published(request: SipRequest) -> SipResponse:
    """Take a publication that is none of poc-settings; nothing is done with it."""
    seconds = min(fields.lifetime(request), fields.USUAL)
    return response_to(request, 200, headers=[fields.entity_tag(), ("Expires", str(seconds))])


@dataclass
class Watcher:
    """A subscription to the state of a user; notifications leave one at a time."""

    package: str
    user: str
    dialog: Dialog
    flow: Flow
    told: int = 0
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Watchers:
    """The subscriptions of one system to packages beside xcap-diff."""

    contact: str
    """URI that stands for the notifier."""
    contact_of: Callable[[str], str]
    """The address that a user has registered; empty for none."""
    notify: Callable[[SipRequest, Flow], Awaitable[object]]
    start: Callable[[Coroutine[Any, Any, None]], None]
    """Runs what is to be done behind the answer."""
    watchers: dict[str, Watcher] = field(default_factory=dict)

    def subscribe(self, request: SipRequest, flow: Flow) -> SipResponse:
        """Accept a subscription, its refresh or its end, and tell the state (RFC 6665 4.2.1)."""
        package = fields.package(request)
        if package not in STATE_TYPES:
            return response_to(request, 489, headers=[EVENTS])
        seconds = min(fields.lifetime(request), fields.USUAL)
        headers = [("Contact", f"<{self.contact}>"), ("Expires", str(seconds))]
        response = response_to(request, 200, headers=headers)
        watcher = self.watchers.get(request.headers.get("Call-ID") or "")
        if watcher is None or not watcher.dialog.matches(request):
            if fields.is_in_dialog(request):
                return response_to(request, 481)
            try:
                dialog = Dialog.from_received(request, response)
            except (DialogError, SipSyntaxError):
                return response_to(request, 400)
            watcher = Watcher(package, fields.identity(request, "To"), dialog, flow)
        if seconds:
            self.watchers[watcher.dialog.call_id] = watcher
        else:
            self.watchers.pop(watcher.dialog.call_id, None)
        self.start(self._tell(watcher, seconds))
        return response

    async def _tell(self, watcher: Watcher, seconds: int) -> None:
        state = f"active;expires={seconds}" if seconds else "terminated;reason=timeout"
        headers = [
            ("Event", watcher.package),
            ("Subscription-State", state),
            ("Content-Type", STATE_TYPES[watcher.package]),
        ]
        async with watcher.sending:
            body = self._state(watcher)
            request = watcher.dialog.request("NOTIFY", headers, body)
            watcher.told += 1
            try:
                await self.notify(request, watcher.flow)
            except OSError:
                self.watchers.pop(watcher.dialog.call_id, None)

    def _state(self, watcher: Watcher) -> bytes:
        if watcher.package == "presence":
            return _presence(watcher.user)
        return _registration(watcher.user, self.contact_of(watcher.user), watcher.told)


def _presence(user: str) -> bytes:
    """A user of whom nothing is known: no affiliation."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<presence xmlns="urn:ietf:params:xml:ns:pidf" entity={quoteattr(user)}/>\n'
    ).encode()


def _registration(user: str, contact: str, version: int) -> bytes:
    """RFC 3680 5: the whole state of one user."""
    state = "active" if contact else "terminated"
    bound = (
        f'<contact id="c1" state="active" event="registered"><uri>{escape(contact)}</uri></contact>'
        if contact
        else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="{version}" state="full">'
        f'<registration aor={quoteattr(user)} id="r1" state="{state}">{bound}</registration>'
        "</reginfo>\n"
    ).encode()
