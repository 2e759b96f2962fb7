"""Retrieval of documents over XCAP: token, conditional GET, and what the UE holds of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from muster.ue.reference.refusal import Refusal
from muster.ue.reference.web import WebAnswer, expect, same_origin

if TYPE_CHECKING:
    from muster.ue.reference.identity import IdentityClient
    from muster.ue.reference.system import SystemSession

Content = TypeVar("Content")


@dataclass(frozen=True)
class StoredDocument:
    """A document as the UE holds it."""

    etag: str | None
    body: bytes
    content: object


class XcapClient:
    """Fetches the documents of one MC system and keeps them with their ETags."""

    def __init__(self, system: "SystemSession") -> None:
        self.system = system
        self.stored: dict[str, StoredDocument] = {}

    async def fetch(self, url: str, media_type: str, read: Callable[[bytes], Content]) -> Content:
        """GET a document, conditionally where one is held; an invalid one replaces nothing."""
        held = self.stored.get(unquote(url))
        answer = await self.get(url, self.condition(held))
        if answer.status == 304 and held is not None:
            return read(held.body)
        expect(answer, 200, media_type)
        content = read(answer.body)
        etag = answer.headers.get("ETag")
        self.stored[unquote(url)] = StoredDocument(etag, answer.body, content)
        return content

    async def replace(self, url: str, media_type: str, change: Callable[[bytes], bytes]) -> None:
        """PUT a changed version of a document that is held (RFC 4825, 7.1)."""
        held = self.stored.get(unquote(url))
        if held is None:
            raise Refusal(f"{url}: no such document is held")
        headers = {"Content-Type": media_type}
        if held.etag is not None:
            headers["If-Match"] = held.etag
        body = change(held.body)
        answer = await self.identity(url).authorised(
            lambda token: self.system.web.send(
                "PUT", url, {"Authorization": f"Bearer {token}", **headers}, body
            )
        )
        expect(answer, 200)

    async def get(self, url: str, condition: Mapping[str, str]) -> WebAnswer:
        """GET with the access token of the user in this system."""
        return await self.identity(url).authorised(
            lambda token: self.get_once(url, token, condition)
        )

    async def get_once(self, url: str, token: str, condition: Mapping[str, str]) -> WebAnswer:
        """Send one GET."""
        headers = {"Authorization": f"Bearer {token}", **condition}
        return await self.system.web.get(url, headers)

    def identity(self, url: str) -> "IdentityClient":
        """Whose tokens the server of a document is shown."""
        return self.system.identity

    def condition(self, held: StoredDocument | None) -> Mapping[str, str]:
        """The header that spares the body of an unchanged document (RFC 4825, 7.11)."""
        if held is None or held.etag is None:
            return {}
        return {"If-None-Match": held.etag}

    def holds(self, url: str, etag: str) -> bool:
        """Whether this version is held; quotes and the weak mark do not tell versions apart."""
        held = self.stored.get(unquote(url))
        return held is not None and held.etag is not None and bare(held.etag) == bare(etag)

    def forget(self, url: str) -> None:
        """Drop a document that is gone or of no more use."""
        self.stored.pop(unquote(url), None)


def bare(etag: str) -> str:
    """An ETag without quotes and weak mark: xcap-diff often carries it so."""
    return etag.strip().removeprefix("W/").strip('"')


def below(root: str, xcap_root: str, selector: str) -> str:
    """The URL of a document of a notification: below the root that it names (RFC 5874, 4).

    A token sent to any server but the configured one would go where no document of the UE sent it.
    """
    if not same_origin(xcap_root, root):
        raise Refusal(f"the notification is about {xcap_root}, not about {root}")
    return f"{xcap_root.rstrip('/')}/{selector.lstrip('/')}"
