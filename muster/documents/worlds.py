"""The plan of a world: systems, users, profiles and groups by label, read from a TOML file."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from muster.documents.vocabulary import SERVICES
from muster.errors import SuiteError

Service = Literal["mcptt", "mcvideo", "mcdata"]
Duration = Annotated[str, Field(pattern=r"^PT\d+[SMH]$")]


class WorldRefused(SuiteError):
    """A world file is not usable; the message names the file and every problem."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SystemPlan(_Row):
    """One MC system; its addresses and identities are made when it starts."""

    plmn: str
    authority: str = ""
    """Label of the authority that certifies its servers; empty: the one of most systems."""
    ip: str = ""
    """An address that it takes where this machine has it; empty: one that is new in each run."""
    alias_of: str = ""
    """Another way into that system: profiles describe it under the same system identity."""


class UserPlan(_Row):
    title: str
    organisation: str = ""


class ProfilePlan(_Row):
    """One MC service user profile of a user at a system; groups and partners by label."""

    system: str
    user: str
    service: Service = "mcptt"
    index: Annotated[int, Field(ge=0, le=255)]
    name: str
    preselected: bool = False
    enabled: bool = True
    groups: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


class GroupPlan(_Row):
    """One group; its document can serve any combination of services (TS 24.481 7.2.8)."""

    system: str
    name: str
    services: Annotated[tuple[Service, ...], Field(min_length=1)] = ("mcptt",)
    members: tuple[str, ...] = ()


class ServicePlan(_Row):
    """How one service is set, at every system."""

    time_limit: Duration = "PT60S"
    """Of a transmission (MCPTT), a private call (MCVideo), data that wait (MCData)."""
    protect_signalling: bool = False
    priority_levels: Annotated[int, Field(ge=4, le=256)] = 8


class _World(_Row):
    title: str
    systems: dict[str, SystemPlan]
    users: dict[str, UserPlan]
    settings: dict[Service, ServicePlan] = Field(default_factory=dict)
    profiles: tuple[ProfilePlan, ...] = ()
    groups: tuple[GroupPlan, ...] = ()


@dataclass(frozen=True)
class WorldPlan:
    """A whole world; every label that a row names exists."""

    title: str
    systems: dict[str, SystemPlan]
    users: dict[str, UserPlan]
    profiles: tuple[ProfilePlan, ...]
    groups: tuple[GroupPlan, ...]
    settings: dict[Service, ServicePlan] = field(default_factory=dict)

    def services_at(self, system: str) -> tuple[str, ...]:
        """The services that somebody has a profile for at the system."""
        found = {profile.service for profile in self.profiles if profile.system == system}
        return tuple(service for service in SERVICES if service in found)

    @property
    def holders(self) -> tuple[tuple[str, str, str], ...]:
        """Every (system, user, service) with a profile."""
        return tuple(dict.fromkeys((p.system, p.user, p.service) for p in self.profiles))

    def settings_of(self, service: str) -> ServicePlan:
        return next((s for name, s in self.settings.items() if name == service), ServicePlan())

    def profiles_of(
        self, system: str, user: str, service: str = "mcptt"
    ) -> tuple[ProfilePlan, ...]:
        wanted = (system, user, service)
        return tuple(p for p in self.profiles if (p.system, p.user, p.service) == wanted)

    def active_profile(self, system: str, user: str, service: str = "mcptt") -> ProfilePlan:
        """The profile that is active at service authorisation: the pre-selected or only one."""
        profiles = self.profiles_of(system, user, service)
        marked = [profile for profile in profiles if profile.preselected]
        return (marked or list(profiles))[0]

    def group(self, system: str, name: str) -> GroupPlan:
        return next(g for g in self.groups if (g.system, g.name) == (system, name))


def load_world(path: Path) -> WorldPlan:
    """Read a world file. WorldRefused names everything that is wrong with it."""
    try:
        world = _World(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise WorldRefused(f"{path}: {error}") from error
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        )
        raise WorldRefused(f"{path}: {told}") from error
    problems = [*_dangling(world), *_contradictions(world)]
    if problems:
        raise WorldRefused(f"{path}: {'; '.join(problems)}")
    return WorldPlan(
        world.title, world.systems, world.users, world.profiles, world.groups, world.settings
    )


def _dangling(world: _World) -> Iterator[str]:
    groups = {(group.system, group.name): group for group in world.groups}
    for profile in world.profiles:
        where = _where(profile)
        if profile.system not in world.systems or profile.user not in world.users:
            yield f"{where}: no such system or user"
        for name in profile.groups:
            group = groups.get((profile.system, name))
            if group is None:
                yield f"{where}: no group {name} at {profile.system}"
            elif profile.service not in group.services:
                yield f"{where}: the group {name} is not for {profile.service}"
        for partner in profile.partners:
            if partner not in world.systems:
                yield f"{where}: no system {partner}"
    for name, system in world.systems.items():
        if system.alias_of and (system.alias_of == name or system.alias_of not in world.systems):
            yield f"system {name}: an alias of {system.alias_of}"
    for row in world.groups:
        if row.system not in world.systems:
            yield f"group {row.name}: no system {row.system}"
        for member in row.members:
            if member not in world.users:
                yield f"group {row.name}: no user {member}"


def _contradictions(world: _World) -> Iterator[str]:
    """Two profiles of one user for one service need two indexes, and one of them is marked."""
    indexes = Counter((p.system, p.user, p.service, p.index) for p in world.profiles)
    for (system, user, service, index), count in indexes.items():
        if count > 1:
            yield f"{service} profile {index} of {user} at {system}: described {count} times"
    marks = Counter((p.system, p.user, p.service) for p in world.profiles if p.preselected)
    for (system, user, service), count in marks.items():
        if count > 1:
            yield f"{service} profiles of {user} at {system}: {count} are pre-selected"
    for (system, name), count in Counter((g.system, g.name) for g in world.groups).items():
        if count > 1:
            yield f"group {name} at {system}: described {count} times"


def _where(profile: ProfilePlan) -> str:
    return f"{profile.service} profile {profile.index} of {profile.user} at {profile.system}"
