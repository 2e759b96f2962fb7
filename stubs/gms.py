"""Group management server: the group documents of TS 24.481."""

from __future__ import annotations

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
