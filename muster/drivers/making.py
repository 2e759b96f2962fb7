"""Makes the driver that `ue.toml` names."""

from __future__ import annotations

from muster import prompts
from muster.campaign_settings import CampaignSettings
from muster.configuration import (
    CommandChoice,
    Configuration,
    HttpChoice,
    OperatorChoice,
    ReferenceChoice,
)
from muster.drivers.external import Channel, ExternalDriver
from muster.evidence import Json
from muster.journal import Journal
from muster.prompts import Prompt, Reply
from muster.ue.driver import Driver
from muster.ue_secrets import Secrets


def make_driver(settings: CampaignSettings, journal: Journal) -> Driver:
    """Make the driver of a campaign; prompts go through the journal of this process."""
    choice = settings.configuration.driver
    if isinstance(choice, ReferenceChoice):
        from muster.ue.registry import make_driver as make_builtin

        return make_builtin(choice.name)
    if isinstance(choice, OperatorChoice):
        from muster.drivers.operator import OperatorChannel

        def write(kind: str, **members: Json) -> None:
            # A provisioning may hold a key of the terminal: the record never does.
            journal.write(kind, **journal.masker.mask_json(members))

        def ask(prompt: Prompt) -> Reply:
            return prompts.ask(settings.results, write, prompt)

        channel: Channel = OperatorChannel(ask, settings.secrets.password)
        return external(settings.configuration, channel)
    return external(settings.configuration, channel_to(choice, settings.secrets))


def channel_to(choice: HttpChoice | CommandChoice, secrets: Secrets) -> Channel:
    """Return the way to a driver that is a program."""
    if isinstance(choice, HttpChoice):
        from muster.drivers.http import HttpChannel

        return HttpChannel(choice.url, secrets.driver.token)
    from muster.drivers.command import CommandChannel

    return CommandChannel(choice.command)


def external(configuration: Configuration, channel: Channel) -> ExternalDriver:
    """Return the driver that goes through a channel."""
    choice = configuration.driver
    trusted = not isinstance(choice, ReferenceChoice) and choice.trust_idle
    return ExternalDriver(choice.kind, channel, configuration.limit, trusted)


def operator_needs(settings: CampaignSettings, can_be_asked: bool) -> str:
    """Say what an operator lacks to work with; empty where there is nothing or no operator."""
    if settings.configuration.driver.kind != "operator":
        return ""
    lines = []
    if not can_be_asked:
        lines.append("an operator is asked on a terminal or on the page; call it there, or --page")
    if not settings.secrets.password("alice"):
        lines.append(
            "an operator types the user's password: set MUSTER_PASSWORD_ALICE, or"
            " users.alice.password in the file that ue.toml names as secrets.file"
        )
    return "\n".join(lines)
