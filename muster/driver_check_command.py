"""`muster driver-check`: a vendor's driver alone, line by line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

USAGE = 64


@click.command("driver-check")
@click.option(
    "--ue",
    "ue_toml",
    type=click.Path(path_type=Path),
    required=True,
    help="The ue.toml that names the driver.",
)
def driver_check_command(ue_toml: Path) -> None:
    """Exercise a driver by itself, without MC systems, and say what to do.

    Each line is ok or a problem. Exit 1 if there is a problem.
    """
    from rich.console import Console
    from rich.text import Text

    from muster.configuration import CommandChoice, HttpChoice, WrongConfiguration
    from muster.driver_check import DriverCheck
    from muster.drivers.making import channel_to
    from muster.progress import harmless
    from muster.ue_secrets import Secrets
    from muster.ue_toml import load_configuration, load_secrets

    try:
        configuration = load_configuration(ue_toml)
        secrets = load_secrets(ue_toml, configuration)
    except WrongConfiguration as error:
        for line in str(error).splitlines():
            click.echo(f"muster: {line}", err=True)
        sys.exit(USAGE)
    choice = configuration.driver
    if not isinstance(choice, HttpChoice | CommandChoice):
        click.echo(f"muster: a driver of kind {choice.kind} is no program to check", err=True)
        sys.exit(USAGE)
    console, problems = Console(), 0
    channel = channel_to(choice, secrets)
    guarded = isinstance(choice, HttpChoice) and secrets.driver.token is not None
    without_token = channel_to(choice, Secrets()) if guarded else None
    for found in DriverCheck(configuration, channel, without_token).lines():
        problems += not found.is_right
        shown = Text(
            "ok       " if found.is_right else "problem  ", "green" if found.is_right else "red"
        )
        shown.append(harmless(f"{found.what}: {found.told}"), "default")
        console.print(shown, soft_wrap=True, highlight=False)
        if found.todo:
            console.print(Text(f"         do: {found.todo}"), soft_wrap=True, highlight=False)
    for one in (channel, without_token):
        if one is not None:
            one.close()
    told = f"{problems} problems" if problems != 1 else "1 problem"
    console.print(Text(told if problems else "The driver keeps to the contract."))
    sys.exit(1 if problems else 0)
