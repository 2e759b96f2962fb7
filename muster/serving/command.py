"""`muster serve`: what the user says, and what is told at start and end."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from rich.console import Console

    from muster.documents.worlds import WorldPlan
    from muster.serving.bench import Bench
    from muster.serving.laboratory import Laboratory

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
@click.option(
    "--page",
    metavar="[HOST:PORT]",
    is_flag=False,
    flag_value="127.0.0.1:0",
    help="Show what comes in a browser on this machine.",
)
def serve_command(
    folder: Path, ue_toml: Path | None, world: str, keylog: Path | None, page: str | None
) -> None:
    """Let MC systems stand still, to play against by hand; no verdicts.

    Names, passwords and the CA stay the same when it is started again on the same folder. A
    document that is saved there is checked, served under a new ETag, and notified.
    """
    from rich.console import Console

    from muster.errors import SuiteError
    from muster.fixed_places import PlaceTaken
    from muster.keylog import KeylogRefused, prepare_keylog
    from muster.live.place import NoPlace, take_place
    from muster.pytest_process import Stop
    from muster.serving.laboratory import FolderRefused
    from muster.suite import put_suite_on_path

    root = put_suite_on_path()
    console = Console(soft_wrap=True)
    stop = Stop()
    try:
        laboratory, plan = _given(folder, ue_toml, root / "fixtures" / "worlds" / f"{world}.toml")
        place = take_place(page) if page else None
        from muster.serving.bench import standing

        folder.mkdir(parents=True, exist_ok=True)
        prepare_keylog(keylog)
        laboratory = replace(laboratory, keylog=keylog.absolute() if keylog else None)
        with stop.on_signals(), standing(laboratory, plan, console) as bench:
            _tell_start(bench, console)
            with _shown(bench, place, console):
                bench.serve(stop)
        console.print(f"ended; the journal is in {bench.world.journal.folder}", highlight=False)
    except (FolderRefused, KeylogRefused, NoPlace, PlaceTaken) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename or folder}: {error.strerror or error}")
    except SuiteError as error:
        click.echo(f"muster: {error}", err=True)
        sys.exit(3)


def _given(folder: Path, ue_toml: Path | None, world: Path) -> tuple[Laboratory, WorldPlan]:
    """Read what the user says, and see whether the ports can be had, before much is imported."""
    from muster.configuration import Ixit, WrongConfiguration
    from muster.documents.worlds import load_world
    from muster.fixed_places import check_places
    from muster.serving.laboratory import Laboratory, places_of
    from muster.ue_toml import load_configuration, load_secrets

    ixit, passwords = Ixit(), {}
    if ue_toml is not None:
        try:
            configuration = load_configuration(ue_toml)
            ixit, passwords = configuration.ixit, load_secrets(ue_toml, configuration).passwords
        except WrongConfiguration as error:
            _refuse(str(error))
    plan = load_world(world)
    places = places_of(plan.systems, ixit.addresses, ixit.ports)
    check_places(places.addresses, places.ports)
    return Laboratory(folder, ixit, places, passwords), plan


def _tell_start(bench: Bench, console: Console) -> None:
    from rich.text import Text

    console.print(Text(bench.guide), highlight=False)
    console.print("Serving; Ctrl-C ends it. What comes:\n", style="bold")


@contextmanager
def _shown(bench: Bench, place: socket.socket | None, console: Console) -> Iterator[None]:
    """Show what comes on a page too, where one is wanted."""
    if place is None:
        yield
        return
    from rich.text import Text

    from muster.live.server import served

    with served(bench.world.journal.folder, place, None) as address:
        console.print(Text(f"page: {address}"))
        yield


def _refuse(message: str) -> NoReturn:
    for line in message.splitlines():
        click.echo(f"muster serve: {line}", err=True)
    sys.exit(USAGE)
