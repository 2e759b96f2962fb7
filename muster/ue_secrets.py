"""Secrets of a laboratory: from a file of their own or the environment, never in any results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from muster.masking import SHORTEST_SECRET

SECRETS_VARIABLE = "MUSTER_SECRETS"
"""Takes the secrets from the controller to its workers; whatever the user set there is replaced."""
TOKEN_VARIABLE = "MUSTER_DRIVER_TOKEN"
PASSWORD_VARIABLE = re.compile(r"MUSTER_PASSWORD_([A-Z]+)")

Secret = Annotated[StrictStr, Field(min_length=SHORTEST_SECRET)]


class SecretTable(BaseModel):
    """A table of the file of secrets."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class UserSecrets(SecretTable):
    """What only a user knows."""

    password: Secret | None = Field(default=None, repr=False)


class DriverSecrets(SecretTable):
    """What only Muster and the driver know."""

    token: Secret | None = Field(default=None, repr=False)
    """Sent to an http driver as a bearer token."""


class Secrets(SecretTable):
    """All secrets that a laboratory gives."""

    users: dict[str, UserSecrets] = Field(default_factory=dict)
    driver: DriverSecrets = DriverSecrets()

    def password(self, user: str) -> str | None:
        given = self.users.get(user)
        return given.password if given else None

    @property
    def passwords(self) -> dict[str, str]:
        return {name: one.password for name, one in self.users.items() if one.password}

    def values(self) -> Iterator[tuple[str, str]]:
        """Every secret with the kind that a mask names it by."""
        for password in self.passwords.values():
            yield password, "password"
        if self.driver.token:
            yield self.driver.token, "driver-token"


def from_environment(environment: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """Return the tables that the environment sets; they stand above those of the file."""
    tables: dict[str, dict[str, object]] = {}
    for name, value in environment.items():
        if named := PASSWORD_VARIABLE.fullmatch(name):
            tables.setdefault("users", {})[named.group(1).lower()] = {"password": value}
        elif name == TOKEN_VARIABLE:
            tables["driver"] = {"token": value}
    return tables
