"""`muster serve`: what the user says, and what is told at start and end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from muster.configuration import Ixit
    from muster.serving.bench import Bench

USAGE = 64
WORLDS = ("default", "three_partners")


@click.command("serve")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("served"),
    show_default=True,
    help="Takes documents, CA, what to provision, and the journal.",
)
@click.option(
    "--ue",
    "ue_toml",
    type=click.Path(path_type=Path),
    help="Addresses and ports are those of its IXIT.",
)
@click.option(
    "--world", type=click.Choice(WORLDS), default="default", help="Which systems there are."
)
@click.option(
    "--keylog",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Append the secrets of every TLS connection to FILE, for Wireshark.",
)
def serve_command(folder: Path, ue_toml: Path | None, world: str, keylog: Path | None) -> None:
    """Let MC systems stand still, to play against by hand; no verdicts.

    Names, passwords and the CA stay the same when it is started again on the same folder. A
    document that is saved there is checked, served under a new ETag, and notified.
    """
    from rich.console import Console

    from muster.documents.worlds import load_world
    from muster.errors import SuiteError
    from muster.fixed_places import PlaceTaken, check_places
    from muster.keylog import KeylogRefused, prepare_keylog
    from muster.pytest_process import Stop
    from muster.suite import put_suite_on_path

    root = put_suite_on_path()
    from muster.serving.bench import standing
    from muster.serving.places import places_of
    from muster.serving.standing import FolderRefused
    from stubs.tls import TlsSetting

    ixit = _ixit(ue_toml)
    plan = load_world(root / "fixtures" / "worlds" / f"{world}.toml")
    places = places_of(plan.systems, ixit.addresses, ixit.ports)
    console = Console(soft_wrap=True)
    stop = Stop()
    try:
        check_places(places.addresses, places.ports)
        folder.mkdir(parents=True, exist_ok=True)
        prepare_keylog(keylog)
        tls = TlsSetting(keylog=keylog.absolute() if keylog else None)
        with stop.on_signals(), standing(folder, plan, places, tls, console) as bench:
            _tell_start(bench, console)
            bench.serve(stop)
            console.print("ending", style="dim")
        console.print(f"ended; the journal is in {bench.world.journal.folder}", highlight=False)
    except (FolderRefused, KeylogRefused, PlaceTaken) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename or folder}: {error.strerror or error}")
    except SuiteError as error:
        click.echo(f"muster: {error}", err=True)
        sys.exit(3)


def _ixit(ue_toml: Path | None) -> Ixit:
    from muster.configuration import Ixit, WrongConfiguration, load_configuration

    if ue_toml is None:
        return Ixit()
    try:
        return load_configuration(ue_toml).ixit
    except WrongConfiguration as error:
        _refuse(str(error))
        raise


def _tell_start(bench: Bench, console: Console) -> None:
    from rich.text import Text

    from muster.serving.standing import guide

    console.print(Text(guide(bench.folder, bench.world)), highlight=False)
    console.print(f"The same is in {bench.folder / 'PROVISION.txt'}.", highlight=False)
    console.print("Serving; Ctrl-C ends it. What comes:\n", style="bold")


def _refuse(message: str) -> None:
    for line in message.splitlines():
        click.echo(f"muster serve: {line}", err=True)
    sys.exit(USAGE)
