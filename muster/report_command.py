"""`muster report`: makes the files of a results folder again from its journals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console

from muster.errors import SuiteError
from muster.report_files import export_writers, load_catalogue, report_writers
from muster.requirements import Catalogue
from muster.results import Results, read_results

BAD_USAGE = 64


def write_reports(results: Results, catalogue: Catalogue, further: list[str]) -> Iterator[Path]:
    """Write every report beside the journals, and the further formats that are asked for."""
    writers = dict(report_writers())
    exports = export_writers() if further else {}
    writers |= dict(exports[option] for option in further)
    for name, write in writers.items():
        write(results, catalogue, results.folder / name)
        yield results.folder / name


@click.command("report")
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--pdf", is_flag=True, help="report.pdf: the conformance test report.")
@click.option("--har", is_flag=True, help="campaign.har: the HTTP exchanges (HAR 1.2).")
@click.option("--pcapng", is_flag=True, help="sip.pcapng: the SIP messages, for Wireshark.")
@click.option("--cucumber", is_flag=True, help="cucumber.ndjson: Cucumber messages.")
@click.option("--quiet", is_flag=True, help="Print only the path of what was asked for.")
def report_command(results: Path, quiet: bool, **exports: bool) -> None:
    """Make the reports of the results folder RESULTS again, also of a campaign that was cut.

    Further formats are made when they are asked for.
    """
    further = [option for option, wanted in exports.items() if wanted]
    try:
        read = read_results(results)
        catalogue = load_catalogue()
        written = list(write_reports(read, catalogue, further))
    except (SuiteError, OSError) as error:
        click.echo(f"muster report: {error}", err=True)
        raise SystemExit(BAD_USAGE) from error
    if not quiet:
        from reports.terminal import print_summary

        print_summary(read, catalogue, Console())
    asked = [path for path in written if path.name not in report_writers()]
    for path in asked or [path for path in written if path.name == "report.html"]:
        click.echo(path)
