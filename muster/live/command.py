"""`muster page`: the live page of a results folder, of a campaign that runs or has ended."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from muster.live.place import ANY_PORT, NoPlace, take_place

BAD_USAGE = 64


@click.command("page")
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--page",
    "place",
    metavar="HOST:PORT",
    default=ANY_PORT,
    show_default=True,
    help="Where on this machine; port 0 takes a free one.",
)
def page_command(results: Path, place: str) -> None:
    """Show the results folder RESULTS in a browser, also while its campaign runs, until Ctrl-C."""
    from muster.requirements import Catalogue
    from muster.suite import put_suite_on_path

    root = put_suite_on_path()
    from muster.live.server import served

    if not list(results.glob("journal-*.jsonl")):
        click.echo(f"muster page: {results} holds no journal of a campaign", err=True)
        raise SystemExit(BAD_USAGE)
    try:
        listening = take_place(place)
    except NoPlace as error:
        click.echo(f"muster page: {error}", err=True)
        raise SystemExit(BAD_USAGE) from error
    catalogue = Catalogue.load(root / "fixtures" / "requirements")
    with served(results, listening, catalogue) as address:
        click.echo(f"page: {address}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("")
