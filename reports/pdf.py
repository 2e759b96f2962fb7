"""The conformance test report as PDF, by WeasyPrint: an extra (`pip install "muster-mcx[pdf]"`)."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from muster.errors import SuiteError
from muster.requirements import Catalogue
from muster.results import Results
from muster.verdicts import Verdict
from reports.conformance import system_report
from reports.html import TEMPLATES, make_environment

MISSING = (
    "a PDF needs WeasyPrint, which is not installed: pip install 'muster-mcx[pdf]'"
    " (report.html prints well from a browser, too)"
)
WITHOUT_PANGO = (
    "a PDF needs the library Pango of the operating system (Debian: apt install libpango-1.0-0"
    " libpangoft2-1.0-0)"
)


class PdfNotPossible(SuiteError):
    """WeasyPrint, or a library that it needs, is not there."""


def write_pdf(results: Results, catalogue: Catalogue, path: Path) -> None:
    """Write the conformance test report of a campaign; PdfNotPossible without the extra."""
    weasyprint = weasyprint_module()
    # Nothing is fetched: what a UE sent may name an address.
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    page = conformance_page(results, catalogue)
    path.write_bytes(weasyprint.HTML(string=page, url_fetcher=nothing).write_pdf())


def conformance_page(results: Results, catalogue: Catalogue) -> str:
    """Return the report as HTML for print."""
    style = (TEMPLATES / "conformance.css").read_text(encoding="utf-8")
    template = make_environment().get_template("conformance.html.j2")
    report = system_report(results, catalogue)
    return template.render(
        report=report, results=results, verdicts=list(Verdict), style=style, catalogue=catalogue
    )


def weasyprint_module() -> Any:
    """Return WeasyPrint; PdfNotPossible where it, or Pango below it, is not there."""
    try:
        with warnings.catch_warnings():
            # It warns of libraries of the operating system that later versions will need.
            warnings.simplefilter("ignore", DeprecationWarning)
            import weasyprint
            import weasyprint.urls
    except ModuleNotFoundError as error:
        raise PdfNotPossible(MISSING) from error
    except OSError as error:
        raise PdfNotPossible(f"{WITHOUT_PANGO}: {error}") from error
    return weasyprint
