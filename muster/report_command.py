"""`muster report`: makes the files of a results folder again from its journals."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from muster.errors import SuiteError
from muster.requirements import Catalogue
from muster.results import Results, read_results, write_campaign
from muster.suite import put_suite_on_path

BAD_USAGE = 64


def load_catalogue() -> Catalogue:
    """Load the catalogue of this suite."""
    return Catalogue.load(put_suite_on_path() / "fixtures" / "requirements")


def write_reports(results: Results, catalogue: Catalogue) -> Path:
    """Write campaign.json, junit.xml and report.html beside the journals; return the last."""
    put_suite_on_path()
    from reports.html import write_html
    from reports.junit import write_junit

    write_campaign(results, results.folder / "campaign.json")
    write_junit(results, results.folder / "junit.xml")
    report = results.folder / "report.html"
    write_html(results, catalogue, report)
    return report


def write_conformance_report(results: Results, catalogue: Catalogue) -> Path:
    """Write report.pdf; PdfNotPossible where the extra is not installed."""
    from reports.pdf import write_pdf

    report = results.folder / "report.pdf"
    write_pdf(results, catalogue, report)
    return report


@click.command("report")
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--pdf", is_flag=True, help="Also write report.pdf, the conformance test report.")
@click.option("--quiet", is_flag=True, help="Print only the path of the report.")
def report_command(results: Path, pdf: bool, quiet: bool) -> None:
    """Make the reports of the results folder RESULTS again, also of a campaign that was cut."""
    try:
        read = read_results(results)
        catalogue = load_catalogue()
        report = write_reports(read, catalogue)
        if pdf:
            report = write_conformance_report(read, catalogue)
    except (SuiteError, OSError) as error:
        click.echo(f"muster report: {error}", err=True)
        raise SystemExit(BAD_USAGE) from error
    if not quiet:
        from reports.terminal import print_summary

        print_summary(read, catalogue, Console())
    click.echo(report)
