"""The conformance test report as PDF; WeasyPrint and Pango are optional."""

import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from lxml import html

from muster.report_command import report_command
from muster.results import read_results
from reports.pdf import PdfNotPossible, conformance_page, weasyprint_module, write_pdf
from reports.text import UNSEEN
from tests.reports.sample import sample_catalogue, write_sample
from tests.reports.test_html import hostile_finding, text_of


def weasyprint_works() -> bool:
    try:
        weasyprint_module()
    except PdfNotPossible:
        return False
    return True


needs_weasyprint = pytest.mark.skipif(
    not weasyprint_works(), reason="WeasyPrint, or Pango below it, is not installed here"
)


@pytest.fixture(scope="module")
def tree(sample):
    return html.document_fromstring(conformance_page(sample, sample_catalogue()))


def test_first_page_has_status_and_denominators(tree):
    (summary,) = tree.find_class("summary")

    assert text_of(summary.find_class("status")[0]) == (
        "2 test cases showed that the UE does not conform."
    )
    assert "8722111" in text_of(summary).replace(" ", "")
    assert "never certifiable" in tree.find(".//style").text


def test_protocol_that_nothing_was_selected_for_says_so(tree):
    functional_aliases = tree.find_class("protocol")[5]

    assert "No test case of this protocol was selected." in text_of(functional_aliases)


def test_page_loads_nothing(tree):
    assert tree.xpath("//@src | //link | //@href | //script") == []


def test_hostile_texts_are_inert(tmp_path):
    page = conformance_page(hostile_finding(tmp_path), sample_catalogue())

    assert html.document_fromstring(page).xpath("//script | //img | //svg") == []
    assert UNSEEN.findall(page) == []
    assert "&lt;script&gt;alert(1)" in page


def test_missing_extra_is_one_clear_message(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    folder = write_sample(tmp_path)

    ended = CliRunner().invoke(report_command, ["--pdf", str(folder)])

    assert ended.exit_code == 64
    assert "pip install 'muster-mcx[pdf]'" in ended.output
    assert not (folder / "report.pdf").exists()


@needs_weasyprint
def test_command_writes_the_pdf(tmp_path, monkeypatch):
    monkeypatch.setattr("muster.report_command.load_catalogue", sample_catalogue)
    folder = write_sample(tmp_path)

    ended = CliRunner().invoke(report_command, ["--pdf", "--quiet", str(folder)])

    assert ended.exit_code == 0
    assert ended.output.strip() == str(folder / "report.pdf")
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (folder / "report.html").exists()


@needs_weasyprint
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed here")
def test_summary_is_one_page_and_every_page_says_that_it_is_not_certifiable(sample, tmp_path):
    path = tmp_path / "report.pdf"
    write_pdf(sample, sample_catalogue(), path)

    run = ["pdftotext", "-layout", path, "-"]
    told = subprocess.run(run, capture_output=True, text=True, check=True).stdout.rstrip("\f")
    pages = told.split("\f")
    assert "signature: laboratory" in pages[0]
    assert "PROTOCOL CONFORMANCE TEST REPORT 1" in pages[1]
    assert [number for number, text in enumerate(pages) if "never certifiable" not in text] == []


@needs_weasyprint
def test_address_in_a_text_is_not_fetched(tmp_path, monkeypatch):
    page = '<img src="http://127.0.0.1:9/x"><link rel="stylesheet" href="file:///etc/passwd">'
    monkeypatch.setattr("reports.pdf.conformance_page", lambda *_: page)
    results = read_results(write_sample(tmp_path))

    write_pdf(results, sample_catalogue(), tmp_path / "x.pdf")

    assert b"root:" not in (tmp_path / "x.pdf").read_bytes()
