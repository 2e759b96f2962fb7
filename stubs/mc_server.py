"""MC service server and SIP core of one system: registration, service authorisation, subscriptions.

TS 24.379 clause 7 (service authorisation), TS 24.484 6.3.13 and TS 24.481 6.3.13 (xcap-diff).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from muster.protocol.sip.dialog import Dialog, DialogError
from muster.protocol.sip.endpoint import Flow
from muster.protocol.sip.fields import SipSyntaxError, parse_address
from muster.protocol.sip.message import SipRequest, SipResponse, response_to
from stubs import sip_bodies as bodies
from stubs import sip_courtesy as courtesy
from stubs import sip_fields as fields
from stubs.sip import SipServer
from stubs.subscription import DocumentServer, Subscription
from stubs.tokens import IssuedToken, TokenLedger
from stubs.xcap import DocumentStore, StoredDocument

NOT_AUTHORISED = "101 service authorisation failed"
UNKNOWN_USER = "141 user unknown to the participating function"


@dataclass(frozen=True)
class ServiceIdentities:
    """The PSIs of one system, and the XCAP root URIs its notifications name."""

    servers: Mapping[str, str]
    """The MC service server by service."""
    cms: str
    gms: str
    cms_root: str
    gms_root: str

    @property
    def server(self) -> str:
        return self.servers["mcptt"]


@dataclass
class Binding:
    """A registered user on one flow, and what service authorisation told of her."""

    identity: str
    flow: Flow
    contact: str
    mc_service_ids: dict[str, str] = field(default_factory=dict)
    client_id: str = ""
    entity_tags: dict[str, str] = field(default_factory=dict)
    """Of the settings that are held, by service: each service has a publication of its own."""
    profile_index: int | None = None
    """Of the settings that came last."""

    @property
    def etag(self) -> str:
        """The entity tag that was given out last."""
        return next(reversed(self.entity_tags.values()), "")


@dataclass
class McServer:
    """Decides what to answer; `send` is the system's SIP server."""

    system: str
    ledger: TokenLedger
    psi: ServiceIdentities
    configuration: DocumentStore
    groups: DocumentStore
    normalise: Callable[[str], str] = str
    bindings: dict[str, Binding] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    """The longest lifetime in seconds that is granted to a method; as long as asked without."""
    group_servers: dict[str, DocumentServer] = field(default_factory=dict)
    """Further group servers, by PSI."""
    is_gathering: bool = False
    """Whether changes are kept back, to be told of in one notification."""

    def __post_init__(self) -> None:
        self._gathered: dict[str, list[bodies.Change]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.server: SipServer | None = None
        self.watchers = courtesy.Watchers(
            self.psi.server.partition(";")[0], self._contact_of, self._deliver, self._start
        )
        for store in (self.configuration, self.groups):
            store.listen(self._changed(store))

    async def stop(self) -> None:
        self.subscriptions.clear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        answers = {
            "REGISTER": self._register,
            "PUBLISH": self._publish,
            "SUBSCRIBE": self._subscribe,
        }
        if request.method in answers:
            return answers[request.method](request, flow)
        if request.method == "MESSAGE":
            return response_to(request, 200)
        if request.method == "OPTIONS":
            return courtesy.capabilities(request)
        return courtesy.declined(request)

    # Registration ------------------------------------------------------------------------------

    def _register(self, request: SipRequest, flow: Flow) -> SipResponse:
        """RFC 3261 10.3; with an mcptt-info body also TS 24.379 7.3.2."""
        identity = fields.identity(request, "To")
        contacts = request.headers.elements("Contact")
        if not contacts:
            return self._bound(request, identity)
        contact = contacts[0]
        expires = self._granted(request, fields.lifetime(request, contact))
        if "*" in contacts and (contacts != ["*"] or expires):
            return response_to(request, 400)  # 10.2.2: only to remove all, and alone
        if expires == 0:
            self.bindings.pop(identity, None)
            return response_to(request, 200)
        binding = self.bindings.get(identity) or Binding(identity, flow, contact)
        if any(info.access_token for info in bodies.service_infos(request)):
            refusal = self._authorise(request, binding)
            if refusal is not None:
                return refusal
        binding.flow, binding.contact = flow, contact
        # The latest stands last: a flow may carry more than one registration.
        self.bindings.pop(identity, None)
        self.bindings[identity] = binding
        headers = [
            *(("Contact", fields.with_lifetime(one, expires)) for one in contacts),
            ("P-Associated-URI", f"<{identity}>"),
            ("Service-Route", f"<{self._route()}>"),
        ]
        return response_to(request, 200, headers=headers)

    def _bound(self, request: SipRequest, identity: str) -> SipResponse:
        """A REGISTER without Contact asks and changes nothing (RFC 3261 10.2.3)."""
        known = self.bindings.get(identity)
        headers = [("Contact", known.contact)] if known else []
        return response_to(request, 200, headers=headers)

    def _contact_of(self, identity: str) -> str:
        known = self.bindings.get(identity)
        return parse_address(known.contact).uri if known else ""

    def _route(self) -> str:
        host = self.psi.server.rpartition("@")[2]
        return f"sip:{host};lr"

    # Service authorisation ---------------------------------------------------------------------

    def _publish(self, request: SipRequest, flow: Flow) -> SipResponse:
        if fields.package(request) != "poc-settings":
            return courtesy.published(request)
        binding = self._binding_on(flow, request)
        if binding is None:
            return self._refusal(request, 403, NOT_AUTHORISED)
        expires = self._granted(request, fields.lifetime(request, usual=fields.LONGEST))
        if expires == 0:
            return self._deauthorise(request, binding)
        if not self._refreshes(request, binding):
            return response_to(request, 412)
        if any(info.access_token for info in bodies.service_infos(request)):
            refusal = self._authorise(request, binding)
            if refusal is not None:
                return refusal
        elif self._service(request) not in binding.mc_service_ids:
            return self._refusal(request, 404, UNKNOWN_USER)
        if bodies.has_settings(request):
            binding.profile_index = bodies.selected_profile(request)
        elif "SIP-If-Match" not in request.headers:
            return response_to(request, 400)  # neither a state nor one to refresh (RFC 3903 6)
        service = self._service(request)
        binding.entity_tags.pop(service, None)
        binding.entity_tags[service] = secrets.token_hex(6)
        headers = [("SIP-ETag", binding.etag), ("Expires", str(expires))]
        return response_to(request, 200, headers=headers)

    def _granted(self, request: SipRequest, asked: int) -> int:
        return min(asked, self.longest.get(request.method, asked))

    def _refreshes(self, request: SipRequest, binding: Binding) -> bool:
        """RFC 3903 6: a SIP-If-Match must name the entity that is held; none starts a new one."""
        offered = request.headers.get("SIP-If-Match")
        return offered is None or offered == binding.entity_tags.get(self._service(request))

    def _service(self, request: SipRequest) -> str:
        """Return whose server is asked: PSIs may come with parameters, or none that is known."""
        asked = request.uri.partition(";")[0]
        named = (service for service, psi in self.psi.servers.items() if psi == asked)
        return next(named, "mcptt")

    def _deauthorise(self, request: SipRequest, binding: Binding) -> SipResponse:
        if not self._refreshes(request, binding):
            return response_to(request, 412)
        binding.mc_service_ids.pop(self._service(request), None)
        binding.entity_tags.pop(self._service(request), None)
        return response_to(request, 200, headers=[("Expires", "0")])

    def _authorise(self, request: SipRequest, binding: Binding) -> SipResponse | None:
        """TS 24.379 7.3.3: every service whose token is good is bound; else 403 with 101."""
        for info in bodies.service_infos(request):
            token = self._token(info.access_token)
            suffix = {"mcptt": "ptt", "mcvideo": "video", "mcdata": "data"}[info.service]
            if token is None or f"3gpp:mc:{suffix}_service" not in token.scopes:
                return self._refusal(request, 403, NOT_AUTHORISED)
            binding.mc_service_ids[info.service] = token.identity_for(info.service)
            binding.client_id = info.client_id
        return None

    def _token(self, value: str) -> IssuedToken | None:
        return self.ledger.valid(value, kind="access", issuer=self.system)

    def _binding_on(self, flow: Flow, request: SipRequest) -> Binding | None:
        """Return whom the request names of those registered on its flow, else the latest.

        What is too long for a datagram comes over a stream (RFC 3261 18.1.1): on a flow where
        nobody registered, a request is of whom it names of those registered from its address.
        """
        on_flow = [binding for binding in self.bindings.values() if binding.flow == flow]
        named = {fields.identity(request, name) for name in ("P-Preferred-Identity", "From")}
        if not on_flow:
            bound = (self.bindings[one] for one in named if one in self.bindings)
            return next((b for b in bound if b.flow.remote[0] == flow.remote[0]), None)
        return next((b for b in on_flow if b.identity in named), on_flow[-1])

    def _refusal(self, request: SipRequest, status: int, warning: str) -> SipResponse:
        host = self.psi.server.rpartition("@")[2].partition(":")[0]
        return response_to(request, status, headers=[("Warning", f'399 {host} "{warning}"')])

    # Subscriptions -----------------------------------------------------------------------------

    def _subscribe(self, request: SipRequest, flow: Flow) -> SipResponse:
        if fields.package(request) != courtesy.XCAP_DIFF:
            return self.watchers.subscribe(request, flow)
        known = self._known(request)
        if known is not None:
            known.flow = flow
            return self._refresh(request, known)
        if fields.is_in_dialog(request):
            return response_to(request, 481)  # of a dialog that is not here (RFC 3261 12.2.2)
        infos = bodies.service_infos(request)
        token = self._token(infos[0].access_token) if infos else None
        if token is None:
            return self._refusal(request, 403, NOT_AUTHORISED)
        target = request.uri.partition(";")[0]
        if target == self.psi.cms:
            kept = DocumentServer(self.configuration, self.psi.cms_root)
        elif target == self.psi.gms:
            kept = DocumentServer(self.groups, self.psi.gms_root)
        elif target in self.group_servers:
            kept = self.group_servers[target]
        else:
            return response_to(request, 404)
        return self._open(request, flow, token, target, kept)

    def add_group_server(self, psi: str, server: DocumentServer) -> None:
        """Let another group server be subscribed to."""
        self.group_servers[psi] = server
        server.documents.listen(self._changed(server.documents))

    def _open(
        self, request: SipRequest, flow: Flow, token: IssuedToken, target: str, kept: DocumentServer
    ) -> SipResponse:
        expires = self._granted(request, fields.lifetime(request))
        contact = ("Contact", f"<{target}>")
        response = response_to(request, 200, headers=[contact, ("Expires", str(expires))])
        try:
            dialog = Dialog.from_received(request, response)
        except (DialogError, SipSyntaxError):
            return response_to(request, 400)
        subscription = Subscription(
            dialog,
            flow,
            kept.documents,
            kept.root,
            [self.normalise(entry) for entry in bodies.subscribed_resources(request)],
            token,
            expires,
            written=bodies.subscribed_resources(request),
        )
        if expires > 0:  # else a fetch of the state: one NOTIFY and no more (RFC 6665 4.4.3)
            self.subscriptions[dialog.call_id] = subscription
        self._notify_all(subscription)
        return response

    def _known(self, request: SipRequest) -> Subscription | None:
        known = self.subscriptions.get(request.headers.get("Call-ID") or "")
        return known if known is not None and known.dialog.matches(request) else None

    def _refresh(self, request: SipRequest, known: Subscription) -> SipResponse:
        known.expires = self._granted(request, fields.lifetime(request))
        if known.expires == 0:
            del self.subscriptions[known.dialog.call_id]
        entries = bodies.subscribed_resources(request)
        if entries:
            known.resources = [self.normalise(entry) for entry in entries]
            known.written = entries
        contact = ("Contact", known.dialog.local_contact or f"<{self.psi.cms}>")
        headers = [contact, ("Expires", str(known.expires))]
        self._notify_all(known)
        return response_to(request, 200, headers=headers)

    def _notify_all(self, subscription: Subscription) -> None:
        """The full state at once (RFC 6665 4.4.2.2): every document that the resources name."""
        current = {
            document.selector: document
            for resource in subscription.resources
            for document in subscription.store.matching(resource)
            if subscription.may_see(document)
        }
        changes = [bodies.Change(key, "", found.etag) for key, found in current.items()]
        self.notify(subscription, changes)

    def _changed(
        self, store: DocumentStore
    ) -> Callable[[str, StoredDocument | None, StoredDocument | None], None]:
        def changed(
            selector: str, before: StoredDocument | None, after: StoredDocument | None
        ) -> None:
            seen = after or before
            change = bodies.Change(
                selector, before.etag if before else "", after.etag if after else ""
            )
            for subscription in self.subscriptions.values():
                fits = subscription.store is store and subscription.names(selector)
                if fits and seen is not None and subscription.may_see(seen):
                    self._tell(subscription, change)

        return changed

    def _tell(self, subscription: Subscription, change: bodies.Change) -> None:
        if self.is_gathering:
            self._gathered.setdefault(subscription.dialog.call_id, []).append(change)
        else:
            self.notify(subscription, [change])

    def release(self) -> None:
        """Tell of the gathered changes: all of one subscription in one notification."""
        self.is_gathering = False
        gathered, self._gathered = self._gathered, {}
        for call_id, changes in gathered.items():
            if call_id in self.subscriptions:
                self.notify(self.subscriptions[call_id], changes)

    def terminate(self, subscription: Subscription, reason: str) -> None:
        """End a subscription by a last notification (RFC 6665 4.1.3)."""
        self.subscriptions.pop(subscription.dialog.call_id, None)
        self.notify(subscription, [], f"terminated;reason={reason}")

    def notify(
        self, subscription: Subscription, changes: list[bodies.Change], state: str = ""
    ) -> None:
        """Tell of changes, whether they are so or not, when the one before was answered."""
        spelled = [subscription.spelled(change) for change in changes]
        self._start(self._send(subscription, spelled, state))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something behind the answer that is given now."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(
        self, subscription: Subscription, changes: list[bodies.Change], state: str
    ) -> None:
        async with subscription.sending:
            active = subscription.expires > 0
            state = state or (f"active;expires={subscription.expires}" if active else "terminated")
            request = subscription.dialog.request(
                "NOTIFY",
                [
                    ("Event", "xcap-diff"),
                    ("Subscription-State", state),
                    ("Content-Type", bodies.XCAP_DIFF_TYPE),
                ],
                bodies.xcap_diff(subscription.root, changes),
            )
            try:
                response = await self._deliver(request, subscription.flow)
            except OSError:
                self.subscriptions.pop(subscription.dialog.call_id, None)
                return
            if response.status == 481:
                self.subscriptions.pop(subscription.dialog.call_id, None)

    async def _deliver(self, request: SipRequest, flow: Flow) -> SipResponse:
        """Send a request to a UE. OSError when it does not arrive or is not answered."""
        assert self.server is not None
        try:
            return await self.server.request(request, flow)
        except ValueError as error:  # the UE's own header fields fit no datagram
            raise ConnectionError(str(error)) from error
