"""`muster lint`: whether the features are as readers rely on."""

from __future__ import annotations

import click


@click.command("lint")
def lint_command() -> None:
    """Check the suite's features: ids, tags, wording, length, duplicates, what they cite.

    Exit code 0: nothing is wrong. 1: something is; each problem is a line with file and line.
    """
    from muster.lint import lint, open_requirements
    from muster.report_files import load_catalogue
    from muster.suite import put_suite_on_path

    catalogue = load_catalogue()
    suite = lint(put_suite_on_path() / "features", catalogue)
    for problem in suite.problems:
        click.echo(f"{problem.where}: {problem.message}")
    left = open_requirements(catalogue, suite.cited)
    if left:
        click.echo(f"note: nothing judges these requirements yet: {', '.join(left)}")
    if suite.problems:
        click.echo(f"{len(suite.problems)} problems", err=True)
        raise SystemExit(1)
    click.echo("the features are in order")
