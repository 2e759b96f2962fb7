"""`muster init`: writes a commented `ue.toml`, or checks one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from muster.configuration import DRIVERS

USAGE = 64


@click.command("init")
@click.argument("file", type=click.Path(path_type=Path), default=Path("ue.toml"))
@click.option("--check", is_flag=True, help="Check the file instead, and change nothing.")
@click.option(
    "--driver",
    type=click.Choice(sorted(DRIVERS)),
    default="http",
    show_default=True,
    help="The kind of driver that the file begins with.",
)
def init_command(file: Path, check: bool, driver: str) -> None:
    """Write a commented ue.toml, which says what is tested and how it is driven.

    An existing file is never replaced.
    """
    sys.exit(_check(file) if check else _write(file, driver))


def _write(file: Path, driver: str) -> int:
    from muster.ics import known_items
    from muster.init_file import written
    from muster.requirements import Catalogue
    from muster.suite import suite_root

    text = written(driver, known_items(Catalogue.load(suite_root() / "fixtures" / "requirements")))
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        click.echo(f"muster: {file} is there already; name another file, or --check it", err=True)
        return USAGE
    except OSError as error:
        click.echo(f"muster: {file}: cannot be written: {error.strerror}", err=True)
        return USAGE
    click.echo(f"{file} written: edit it, then muster init --check {file}")
    return 0


def _check(file: Path) -> int:
    from muster.configuration import WrongConfiguration
    from muster.ue_toml import load_configuration, load_secrets

    try:
        configuration = load_configuration(file)
        load_secrets(file, configuration)
    except WrongConfiguration as error:
        for line in str(error).splitlines():
            click.echo(f"muster: {line}", err=True)
        return USAGE
    ue, ics = configuration.ue, configuration.ics
    click.echo(f"{file} is right: {ue.vendor} {ue.model} {ue.software}")
    click.echo(f"  driver {configuration.driver.kind}, services {', '.join(ics.services)}")
    click.echo(
        f"  {len(ics.claimed)} items are claimed, {len(ics.items) - len(ics.claimed)} are not"
    )
    return 0
