"""`muster compare`: what changed from one campaign to another."""

from __future__ import annotations

import json
from pathlib import Path

import click

from muster.errors import SuiteError
from muster.results import read_results
from muster.suite import put_suite_on_path

BAD_USAGE = 64


@click.command("compare")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page.")
def compare_command(first: Path, second: Path, as_json: bool, html: Path | None) -> None:
    """Compare the results folders FIRST and SECOND, scenario by scenario.

    Exit code 0: nothing changed. 1: something is worse: a verdict, a finding that fails, a check
    that does not run any more. 2: something changed, and nothing is worse.
    """
    put_suite_on_path()
    from reports.compare import compare
    from reports.compared import lines, page

    try:
        old, new = read_results(first), read_results(second)
        it = compare(old, new)
        if html is not None:
            html.write_text(page(it, old, new), encoding="utf-8", errors="backslashreplace")
    except (SuiteError, OSError) as error:
        click.echo(f"muster compare: {error}", err=True)
        raise SystemExit(BAD_USAGE) from error
    if as_json:
        click.echo(json.dumps(it.as_json(), indent=1))
    else:
        for line in lines(it, old, new):
            click.echo(line)
    if html is not None:
        click.echo(html, err=as_json)
    raise SystemExit(it.exit_code)
