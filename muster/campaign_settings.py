"""The settings of one run: what all processes of a campaign are told, beside the `ue.toml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from muster.configuration import Configuration, Ixit, ReferenceChoice, Table
from muster.tags import Claims
from muster.ue_secrets import Secrets

SETTINGS_VARIABLE = "MUSTER_CAMPAIGN"
"""Holds the settings of a campaign for its processes; `muster run` always sets it anew."""


class Selected(Table):
    """One feature file of a selection; no lines: all of its scenarios."""

    path: Path
    lines: tuple[int, ...] = ()


class CampaignSettings(BaseModel):
    """All that the processes of one campaign need to know; its text holds no secret."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    configuration: Configuration
    results: Path
    features: tuple[Selected, ...]
    folder: Path
    """Where the user called from: own features are named relative to it."""
    everything: bool = False
    """Claims every item: a built-in UE for which no `ue.toml` speaks."""
    schemas: Path | None = None
    """Folder with schemas in place of ours; `release` chooses where it has several."""
    release: str | None = None
    keylog: Path | None = None
    """File that takes the TLS secrets of every connection, for Wireshark."""
    steps: Path | None = None
    """Another folder of step modules in place of the suite's; for Muster's own tests."""
    seed: int = 0
    """What names of a world are drawn from, together with the id of the scenario."""
    parent: int = 0
    """Process id of the controller; the campaign ends when it is gone."""
    events_only: bool = False
    """Writes journals without the bodies, and nothing for Allure: all that a proof reads."""
    secrets: Secrets = Field(default=Secrets(), exclude=True, repr=False)
    """Travels to other processes by itself, and to no results."""

    @property
    def claims(self) -> Claims:
        from muster.ue.registry import not_claimed

        ics = self.configuration.ics
        denied = not_claimed(self.driver_name) if self.everything else frozenset()
        return Claims(frozenset(ics.services), ics.claimed, self.everything, denied)

    @property
    def ixit(self) -> Ixit:
        return self.configuration.ixit

    @property
    def driver_name(self) -> str:
        """The name of a built-in UE; for another one the kind of its driver."""
        driver = self.configuration.driver
        return driver.name if isinstance(driver, ReferenceChoice) else driver.kind

    @property
    def one_worker(self) -> str:
        """Why only one process can run scenarios; empty where several can."""
        if self.configuration.driver.kind != "reference":
            return "one UE is driven"
        return "addresses of the IXIT are fixed" if self.ixit.is_fixed else ""
