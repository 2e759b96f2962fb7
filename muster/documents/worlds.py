"""The plan of a world: systems, users, profiles and groups by label, read from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from muster.errors import SuiteError


class WorldRefused(SuiteError):
    """A world file is not usable; the message names the file and every problem."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SystemPlan(_Row):
    """One MC system; its addresses and identities are made when it starts."""

    plmn: str


class UserPlan(_Row):
    title: str
    organisation: str = ""


class ProfilePlan(_Row):
    """One MC service user profile of a user at a system; groups and partners by label."""

    system: str
    user: str
    index: int
    name: str
    preselected: bool = False
    enabled: bool = True
    groups: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


class GroupPlan(_Row):
    system: str
    name: str
    members: tuple[str, ...] = ()


class _World(_Row):
    title: str
    systems: dict[str, SystemPlan]
    users: dict[str, UserPlan]
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

    def profiles_of(self, system: str, user: str) -> tuple[ProfilePlan, ...]:
        return tuple(p for p in self.profiles if p.system == system and p.user == user)

    def active_profile(self, system: str, user: str) -> ProfilePlan:
        """The profile that is active at service authorisation: the pre-selected or only one."""
        profiles = self.profiles_of(system, user)
        marked = [profile for profile in profiles if profile.preselected]
        return (marked or list(profiles))[0]


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
    problems = list(_dangling(world))
    if problems:
        raise WorldRefused(f"{path}: {'; '.join(problems)}")
    return WorldPlan(world.title, world.systems, world.users, world.profiles, world.groups)


def _dangling(world: _World) -> Iterator[str]:
    groups = {(group.system, group.name) for group in world.groups}
    for profile in world.profiles:
        where = f"profile {profile.index} of {profile.user} at {profile.system}"
        if profile.system not in world.systems or profile.user not in world.users:
            yield f"{where}: no such system or user"
        for group in profile.groups:
            if (profile.system, group) not in groups:
                yield f"{where}: no group {group} at {profile.system}"
        for partner in profile.partners:
            if partner not in world.systems:
                yield f"{where}: no system {partner}"
    for row in world.groups:
        for member in row.members:
            if member not in world.users:
                yield f"group {row.name}: no user {member}"
