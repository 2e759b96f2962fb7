"""Builders: the facts of a running world become documents, through readable XML templates."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from muster.documents.vocabulary import PARTNER_SYSTEM
from muster.documents.worlds import ProfilePlan
from muster.suite import suite_root


@dataclass(frozen=True)
class Access:
    """The initial UE configuration of one system: what a UE needs to reach its servers."""

    title: str
    system_id: str
    """URI by which a partner list names the system."""
    domain: str
    plmn: str
    idms_auth_endpoint: str
    idms_token_endpoint: str
    http_proxy: str
    kms: str
    cms: str
    """PSI of the CMS; `gms` that of the GMS's subscription proxy (SIP URIs)."""
    gms: str
    group_creation_xui: str
    cms_xcap_root: str
    gms_xcap_root: str
    server: str
    """SIP URI of the MC service server, with host and port."""
    instance_id: str = ""
    """Empty: the document is for every UE of the organisation (TS 24.484 7.2.1.0)."""


@dataclass(frozen=True)
class Person:
    """A user as one system knows her."""

    label: str
    title: str
    organisation: str
    mcptt_id: str


@dataclass(frozen=True)
class Group:
    label: str
    title: str
    id: str


def initial_configuration(access: Access) -> bytes:
    """MCS UE initial configuration (TS 24.484 7.2)."""
    return _render("mcptt-ue-init-config.xml", at=access)


def ue_configuration(domain: str, user: Person, groups: list[Group]) -> bytes:
    """MCPTT UE configuration (TS 24.484 8.2)."""
    return _render("mcptt-ue-config.xml", domain=domain, user=user, groups=groups)


def user_profile(
    user: Person, profile: ProfilePlan, groups: list[Group], partners: list[Access]
) -> bytes:
    """MCPTT user profile with its partner list (TS 24.484 8.3)."""
    names = PARTNER_SYSTEM["mcptt"]
    words = {"partner_element": names.info.text, "partner_id_element": names.system_id.text}
    return _render(
        "mcptt-user-profile.xml",
        user=user,
        profile=profile,
        groups=groups,
        partners=partners,
        words=words,
        dispatcher=user.mcptt_id.replace(user.label, "dispatcher", 1),
    )


def service_configuration(domain: str, transmit_time_limit: str = "PT60S") -> bytes:
    """MCPTT service configuration (TS 24.484 8.4)."""
    return _render(
        "mcptt-service-config.xml", domain=domain, transmit_time_limit=transmit_time_limit
    )


def group_document(group: Group, members: list[Person], max_participants: int = 50) -> bytes:
    """MCPTT group document (TS 24.481 7.2)."""
    return _render("group.xml", group=group, members=members, max_participants=max_participants)


@functools.cache
def _templates(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(template: str, **members: Any) -> bytes:
    text = _templates(suite_root() / "fixtures" / "documents").get_template(template)
    # An XML declaration is only one at the very beginning.
    return text.render(members).strip().encode("utf-8") + b"\n"
