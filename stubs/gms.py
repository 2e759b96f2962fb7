"""Group management server: the group documents of TS 24.481."""

from __future__ import annotations

from aiohttp import web

from stubs.tokens import IssuedToken
from stubs.xcap import XcapServer

SCOPE = "group_management_service"
AUID = "org.openmobilealliance.groups"
BY_GROUP_ID = f"{AUID}/global/byGroupID/"
BY_GROUP = f"{AUID}/global/byGroup/"


def group_selector(group_id: str) -> str:
    """TS 24.481 7.2.10.2: where the document of a group is read by the group's ID."""
    return BY_GROUP_ID + group_id


class Gms(XcapServer):
    """Serves group documents; both spellings of the by-group collection are served."""

    def selector(self, raw_path: str) -> str | None:
        selector = super().selector(raw_path)
        if selector and selector.startswith(BY_GROUP):
            return BY_GROUP_ID + selector.removeprefix(BY_GROUP)
        return selector

    async def write(
        self, request: web.Request, selector: str, token: IssuedToken
    ) -> web.StreamResponse:
        """TS 24.481 6.3.16: a POST asks for chosen parts of a group; the whole answers it."""
        if request.method == "POST" and selector.startswith(BY_GROUP_ID):
            return self.read(request, selector, token)
        return await super().write(request, selector, token)
