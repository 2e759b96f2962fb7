"""What an absent element means: each default stands here once, with its clause."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from muster.documents.rules.group import services_of
from muster.documents.rules.reading import below, children, descendants, namespace_of, text_of
from muster.documents.rules.service_configuration import PARAMETERS
from muster.documents.vocabulary import (
    COMMON_POLICY,
    GROUP_INFO,
    LIST_SERVICE,
    SERVICE_CONFIGURATION,
)

LOWEST_PRIORITY_LEVELS = 4
"""TS 24.484 8.4.2.6: absent num-levels-priority-hierarchy."""

GROUP_DEFAULTS = {
    "on-network-invite-members": False,
    "protect-media": True,
    "protect-floor-control-signalling": True,
    "mcvideo-protect-media": True,
    "mcvideo-protect-transmission-control": True,
    "allow-MCPTT-emergency-alert": False,
    "on-network-allow-conference-state": False,
    "on-network-allow-getting-member-list": False,
}
"""TS 24.481 7.2.8: what an absent boolean element of a group document means."""


@dataclass(frozen=True)
class Protection:
    """How signalling between UE and MC system is protected."""

    confidentiality: bool = True
    integrity: bool = True


def _boolean(element: etree._Element | None, default: bool) -> bool:
    return default if element is None else text_of(element) in ("true", "1")


def _on_network(root: etree._Element, *path: str) -> etree._Element | None:
    found = below(root, PARAMETERS, "on-network", *path)
    return found[0] if found else None


def effective_signalling_protection(root: etree._Element) -> Protection:
    """Return the protection of a service configuration; absent means true (8.4.2.6)."""
    return Protection(
        *(
            _boolean(_on_network(root, "signalling-protection", name), True)
            for name in ("confidentiality-protection", "integrity-protection")
        )
    )


def effective_server_protection(root: etree._Element, name: str) -> bool:
    """Return `allow-signalling-protection` or the like between servers; absent means true."""
    found = next(descendants(root, name), None)
    return _boolean(found, True)


def effective_priority_levels(root: etree._Element) -> int:
    """Return the number of priority levels; absent means the lowest (8.4.2.6)."""
    element = _on_network(root, "num-levels-priority-hierarchy")
    if element is None or not text_of(element).isdigit():
        return LOWEST_PRIORITY_LEVELS
    return int(text_of(element))


def effective_adhoc_group_calls(root: etree._Element) -> bool:
    """Return whether ad hoc group calls are supported; absent means they are not."""
    path = ("anyExt", "adhoc-group-call", "allow-adhoc-group-call-support")
    return _boolean(_on_network(root, *path), False)


def effective_permission(profile: etree._Element, name: str) -> bool:
    """Return whether a rule of a user profile allows it; an absent allow-* is false (8.3.2.7)."""
    actions = profile.iterfind(
        f"{{{COMMON_POLICY}}}ruleset/{{{COMMON_POLICY}}}rule/{{{COMMON_POLICY}}}actions"
    )
    return any(_boolean(found, False) for each in actions for found in descendants_of(each, name))


def descendants_of(actions: etree._Element, name: str) -> list[etree._Element]:
    """Return the elements of a local name in the actions or their anyExt, in any namespace."""
    return list(actions.iter(f"{{*}}{name}"))


def effective_group_setting(root: etree._Element, name: str) -> bool:
    """Return a boolean of a group document, or what its absence means (7.2.8)."""
    return _boolean(next(root.iter(f"{{{GROUP_INFO}}}{name}"), None), GROUP_DEFAULTS[name])


def effective_group_disabled(root: etree._Element) -> bool:
    """Return whether on-network-disabled is there: its presence disables the group (7.2.8)."""
    return any(
        child.tag == f"{{{GROUP_INFO}}}on-network-disabled"
        for list_service in children(root, "list-service")
        for child in list_service
    )


def meanings(root: etree._Element) -> Iterator[str]:
    """Yield, for people, what a document means by leaving something out, with the clause."""
    namespace, name = namespace_of(root), etree.QName(root).localname
    if namespace == SERVICE_CONFIGURATION["mcptt"].text:
        protection, levels = _protection_left_out(root), _levels_left_out(root)
        yield from _sentence((*protection, *levels), "TS 24.484 8.4.2.6")
        if _on_network(root, "anyExt", "adhoc-group-call") is None:
            yield "ad hoc group calls are not supported (TS 24.484 8.4.2.1)"
    elif namespace == SERVICE_CONFIGURATION["mcvideo"].text:
        yield from _sentence(_protection_left_out(root), "TS 24.484 9.4.2.7")
    elif name in ("mcptt-user-profile", "mcvideo-user-profile"):
        chapter = "8" if name.startswith("mcptt") else "9"
        yield f"every allow-... that no rule lists is false (TS 24.484 {chapter}.3.2.7)"
    elif root.tag == f"{{{LIST_SERVICE}}}group":
        yield from _sentence(_settings_left_out(root), "TS 24.481 7.2.8")


def _sentence(parts: Iterable[str], clause: str) -> Iterator[str]:
    told = ", ".join(parts)
    if told:
        yield f"{told} ({clause})"


def _protection_left_out(root: etree._Element) -> Iterator[str]:
    for name in ("confidentiality-protection", "integrity-protection"):
        if _on_network(root, "signalling-protection", name) is None:
            yield f"{name} is true"


def _levels_left_out(root: etree._Element) -> Iterator[str]:
    if _on_network(root, "num-levels-priority-hierarchy") is None:
        yield f"num-levels-priority-hierarchy is {LOWEST_PRIORITY_LEVELS}"


def _settings_left_out(root: etree._Element) -> Iterator[str]:
    services = services_of(root)
    for name, value in GROUP_DEFAULTS.items():
        concerned = "mcvideo" in services if name.startswith("mcvideo-") else True
        if concerned and next(root.iter(f"{{{GROUP_INFO}}}{name}"), None) is None:
            yield f"{name} is {str(value).lower()}"
