"""`muster coverage`: the matrix of requirements without a run."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.audit.suite_scenarios import canonical_scenarios
from muster.errors import SuiteError
from muster.report_files import load_catalogue
from muster.suite import put_suite_on_path

if TYPE_CHECKING:
    from reports.coverage import Row

BAD_USAGE = 64


@click.command("coverage")
@click.option("--all", "every", is_flag=True, help="Each requirement in a line.")
@click.option("--json", "as_json", is_flag=True, help="Each requirement, for programs.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page.")
@click.option(
    "--readme",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Renew the table between <!-- coverage --> and <!-- /coverage --> in FILE.",
)
@click.option("--check", is_flag=True, help="With --readme: change nothing, exit 1 if it is old.")
def coverage_command(
    every: bool, as_json: bool, html: Path | None, readme: Path | None, check: bool
) -> None:
    """Show which requirements are tested, by basis, actor and document, and why others are not."""
    put_suite_on_path()
    from reports.coverage import lines, page

    if check and readme is None:
        raise click.UsageError("--check says whether the table of --readme FILE is current")
    try:
        rows = suite_rows()
        if html is not None:
            html.write_text(page(rows), encoding="utf-8")
        current = _renew(readme, check) if readme is not None else True
    except (SuiteError, OSError, UnicodeDecodeError) as error:
        click.echo(f"muster coverage: {error}", err=True)
        raise SystemExit(BAD_USAGE) from error
    if as_json:
        click.echo(json.dumps([row.as_json() for row in rows], indent=1))
    elif html is None and readme is None:
        for line in lines(rows, every):
            click.echo(line)
    if html is not None:
        click.echo(html, err=as_json)
    if not current:
        told = f"its coverage table is old; renew it with --readme {readme}"
        click.echo(f"{readme}: {told}", err=True)
        raise SystemExit(1)


def suite_rows() -> list[Row]:
    """Return a row for each requirement of the catalogue, with the scenarios of this suite."""
    put_suite_on_path()
    from muster.documents.rules import RULES
    from reports.coverage import rows_of

    citing: dict[str, list[str]] = defaultdict(list)
    for entry in canonical_scenarios().values():
        for requirement in entry.requirements:
            citing[requirement].append(entry.id)
    return rows_of(load_catalogue(), citing, {rule.requirement for rule in RULES})


def _renew(path: Path, check: bool) -> bool:
    """Write the table anew; True unless it was to be checked and is old."""
    from reports.coverage import BEGIN, END, with_block

    old = path.read_text(encoding="utf-8")
    new = with_block(old, suite_rows())
    if new is None:
        raise SuiteError(f"{path} has no place for the table: write {BEGIN} and {END} into it")
    if new != old and not check:
        path.write_text(new, encoding="utf-8")
    return new == old or not check
