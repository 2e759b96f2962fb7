"""A subscription to changes of documents as the server keeps it, and what can be subscribed to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from muster.protocol.sip.dialog import Dialog
from muster.protocol.sip.endpoint import Flow
from stubs import sip_bodies as bodies
from stubs.gms import BY_GROUP, BY_GROUP_ID
from stubs.tokens import IssuedToken
from stubs.xcap import DocumentStore, StoredDocument


@dataclass(frozen=True)
class DocumentServer:
    """What a server keeps that can be subscribed to, and its XCAP root URI."""

    documents: DocumentStore
    root: str


@dataclass
class Subscription:
    """One xcap-diff subscription; NOTIFYs leave one at a time (RFC 5875 4.7)."""

    dialog: Dialog
    flow: Flow
    store: DocumentStore
    root: str
    resources: list[str]
    owner: IssuedToken
    expires: int
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    written: list[str] = field(default_factory=list)
    """The resources as the client wrote them."""

    def spelled(self, change: bodies.Change) -> bodies.Change:
        """Name a group in the collection that the client spelled (RFC 5875 4.6)."""
        if not any(BY_GROUP in unquote(entry) for entry in self.written):
            return change
        return replace(change, selector=change.selector.replace(BY_GROUP_ID, BY_GROUP))

    def names(self, selector: str) -> bool:
        return any(
            selector == wanted or (wanted.endswith("/") and selector.startswith(wanted))
            for wanted in self.resources
        )

    def may_see(self, document: StoredDocument) -> bool:
        return not document.reader or self.owner.belongs_to(document.reader)
