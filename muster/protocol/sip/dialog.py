"""Dialogs (RFC 3261 clause 12) as a subscription has them (RFC 6665), seen from either side."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from .fields import parse_address, parse_cseq, split_list
from .message import Headers, SipRequest, SipResponse


class DialogError(ValueError):
    """A request and its response do not make a dialog: a Contact or a tag is missing."""


class Dialog:
    """The state that both sides share after a SUBSCRIBE and its 200."""

    def __init__(self, *, call_id: str, local: str, remote: str, target: str) -> None:
        """`local` and `remote` are From or To values with their tags, where there is one yet."""
        self.call_id = call_id
        self.local = local
        self.remote = remote
        self.remote_target = target
        self.route_set: list[str] = []
        self.local_contact: str | None = None
        self.local_sequence = secrets.randbelow(1000)
        self.remote_sequence: int | None = None

    @classmethod
    def from_sent(cls, request: SipRequest, response: SipResponse | None = None) -> Dialog:
        """The side that sent the SUBSCRIBE.

        Without a response the dialog waits for its remote tag: a NOTIFY may come before the 200
        (RFC 6665 4.1.2.4).
        """
        dialog = cls(
            call_id=_needed(request, "Call-ID"),
            local=_needed(request, "From"),
            remote=_needed(request, "To"),
            target=request.uri,
        )
        if dialog.local_tag is None:
            raise DialogError("From has no tag")
        dialog.local_contact = request.headers.get("Contact")
        dialog.local_sequence = parse_cseq(_needed(request, "CSeq")).number
        if response is not None:
            dialog.confirm(response)
        return dialog

    @classmethod
    def from_received(cls, request: SipRequest, response: SipResponse) -> Dialog:
        """The side that received the SUBSCRIBE and answered it with `response`."""
        dialog = cls(
            call_id=_needed(request, "Call-ID"),
            local=_needed(response, "To"),
            remote=_needed(request, "From"),
            target=_contact(request),
        )
        if dialog.local_tag is None:
            raise DialogError("To of the response has no tag")
        dialog.route_set = request.headers.elements("Record-Route")
        dialog.local_contact = response.headers.get("Contact")
        dialog.remote_sequence = parse_cseq(_needed(request, "CSeq")).number
        return dialog

    @property
    def local_tag(self) -> str | None:
        return parse_address(self.local).tag

    @property
    def remote_tag(self) -> str | None:
        return parse_address(self.remote).tag

    def confirm(self, response: SipResponse) -> None:
        """Take remote tag, target and route set from the 200 (RFC 3261 12.1.2)."""
        remote = _needed(response, "To")
        if parse_address(remote).tag is None:
            raise DialogError("To of the response has no tag")
        self.remote = remote
        self.remote_target = _contact(response)
        self.route_set = response.headers.elements("Record-Route")[::-1]

    def request(
        self, method: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> SipRequest:
        """Build the next request: CSeq one higher, tags, route set, own Contact if not given."""
        self.local_sequence += 1
        uri, route = self._routed()
        fields = Headers([("Route", value) for value in route])
        fields.add("From", self.local)
        fields.add("To", self.remote)
        fields.add("Call-ID", self.call_id)
        fields.add("CSeq", f"{self.local_sequence} {method}")
        for name, value in headers:
            fields.add(name, value)
        if self.local_contact is not None and "Contact" not in fields:
            fields.add("Contact", self.local_contact)
        return SipRequest(method, uri, fields, body)

    def matches(self, request: SipRequest) -> bool:
        """Whether a received request belongs here: Call-ID and both tags (RFC 3261 12.2.2).

        As long as the remote tag is not known, any is taken.
        """
        if request.headers.get("Call-ID") != self.call_id:
            return False
        recipient, sender = (
            parse_address(request.headers.get(name) or "").tag for name in ("To", "From")
        )
        return recipient == self.local_tag and self.remote_tag in (None, sender)

    def accept(self, request: SipRequest) -> bool:
        """Take a matching request's CSeq, and its Contact as new target.

        False for a CSeq that is not higher than the last: to be answered 500.
        """
        number = parse_cseq(_needed(request, "CSeq")).number
        if self.remote_sequence is not None and number <= self.remote_sequence:
            return False
        self.remote_sequence = number
        if self.remote_tag is None:
            # 12.1.2 by way of RFC 6665 4.4.1: the NOTIFY that came first makes the dialog.
            self.remote = _needed(request, "From")
            self.route_set = request.headers.elements("Record-Route")
        if "Contact" in request.headers:
            self.remote_target = _contact(request)
        return True

    def _routed(self) -> tuple[str, list[str]]:
        """Request-URI and Route (12.2.1.1): a first hop without lr takes the Request-URI itself."""
        if not self.route_set:
            return self.remote_target, []
        first = parse_address(self.route_set[0]).uri
        names = {item.partition("=")[0].lower() for item in first.rpartition("@")[2].split(";")[1:]}
        if "lr" in names:
            return self.remote_target, list(self.route_set)
        return first.partition("?")[0], [*self.route_set[1:], f"<{self.remote_target}>"]


def _needed(message: SipRequest | SipResponse, name: str) -> str:
    value = message.headers.get(name)
    if value is None:
        raise DialogError(f"{name} is missing")
    return value


def _contact(message: SipRequest | SipResponse) -> str:
    value = _needed(message, "Contact")
    if value == "*":
        raise DialogError("Contact is * where an address is needed")
    uri = parse_address(split_list(value)[0]).uri
    # 19.1.1: a Request-URI has no header fields; a user part may have a question mark.
    user, at, place = uri.rpartition("@")
    return user + at + place.partition("?")[0] if uri.lower().startswith("sip") else uri
