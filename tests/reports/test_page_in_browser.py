"""The report in a real Chromium: links, keys, filters, what stays inert, what needs no scripts."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import contextmanager

import pytest

from reports.html import render
from tests.reports.sample import http, sample_catalogue
from tests.reports.test_html import hostile_page, one_exchange

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")
DESKTOP, PHONE = (1280, 800), (390, 844)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        # Debian's Chromium cannot make a sandbox for root.
        made = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def report(sample, tmp_path_factory):
    return written(tmp_path_factory.mktemp("report"), render(sample, sample_catalogue()))


def written(folder, page):
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8", errors="backslashreplace")
    return path


@contextmanager
def opened(browser, path, size=DESKTOP, before="", **options):
    """Open a page from its file; a complaint, a dialog or a second request fails the test."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    page, complaints, requests = context.new_page(), [], []
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("request", lambda request: requests.append(request.url))
    if before:
        page.add_init_script(before)
    page.goto(path.as_uri())
    yield page
    context.close()
    assert complaints == []
    assert {url.partition("#")[0] for url in requests} == {path.as_uri()}


def focused(page) -> str:
    return page.evaluate("document.activeElement.closest('[id]').id")


def titles(page) -> list[str]:
    return page.locator(".scenario:visible .title").all_text_contents()


def test_finding_leads_to_its_exchange_with_the_line_marked(browser, report):
    with opened(browser, report) as page:
        page.locator("#findings a.x", has_text="X6").click()

        line = page.locator("#s2-X6 .off")
        line.wait_for()
        assert line.inner_text().strip().endswith("this was observed")
        assert page.locator("#s2-X6").get_attribute("open") is not None
        box = line.bounding_box()
        assert 0 < box["y"] < DESKTOP[1]
        assert focused(page) == "s2-X6"


def test_arrow_of_the_chart_leads_to_its_exchange(browser, report):
    with opened(browser, report) as page:
        page.goto(f"{report.as_uri()}#s5")
        page.locator("#s5 .chart a", has_text="X19").click()

        page.wait_for_selector("#s5-X19[open] .message")
        assert page.url.endswith("#s5-X19")
        assert page.locator("#s5 .chart .band .sys").all_text_contents() == ["primary", "partner"]


def test_address_of_an_exchange_opens_it(browser, report):
    with opened(browser, report) as page:
        page.goto(f"{report.as_uri()}#s5-X18")

        told = page.locator("#s5-X18[open] .body").all_inner_texts()
        assert "<mcpttinfo>\n  <mcptt-Params>" in told[0]
        assert page.locator("#s5-X18 .body mark").get_attribute("title") == (
            "access token issued by partner to sip:visitor-77c1@partner-77c1.example"
        )


def test_search_and_filters_work_with_the_keyboard(browser, report):
    with opened(browser, report) as page:
        page.keyboard.press("/")
        assert focused(page) == "search"
        page.keyboard.type("partner ts33180-5.1-09")
        assert titles(page) == ["Alice migrates to the partner system"]
        assert page.locator("#shown").inner_text() == "1 of 8 scenarios shown"

        page.keyboard.press("Enter")
        assert focused(page) == "s5"
        page.keyboard.press("Enter")
        page.wait_for_selector("#s5[open] .exchange")

        page.keyboard.press("/")
        page.keyboard.press("Escape")
        assert len(titles(page)) == 8


def test_verdict_can_be_filtered_with_the_keyboard(browser, report):
    with opened(browser, report) as page:
        page.keyboard.press("/")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")

        assert page.evaluate("document.activeElement.value") == "PASS"
        assert len(titles(page)) == 6
        page.locator("button[type=reset]").press("Enter")
        playwright.expect(page.locator("#shown")).to_have_text("")
        assert len(titles(page)) == 8


def test_client_and_service_can_be_chosen(browser, report):
    with opened(browser, report) as page:
        page.select_option("select[name=client]", "CMC")
        assert len(titles(page)) == 8
        page.select_option("select[name=service]", "mcptt")
        assert len(titles(page)) == 8
        assert page.locator("select[name=client] option").all_inner_texts() == [
            "any",
            "Configuration management client (CMC)",
        ]


def test_keys_go_from_finding_to_finding_and_from_scenario_to_scenario(browser, report):
    with opened(browser, report) as page:
        told = []
        for key in "nnp":
            page.keyboard.press(key)
            told.append(page.evaluate("document.activeElement.textContent"))
        assert told == ["TS23280-10.1.1.2-05", "TS24484-8.2-01", "TS23280-10.1.1.2-05"]
        for key in "jjk":
            page.keyboard.press(key)
        assert focused(page) == "s1"


def test_focus_is_seen(browser, report):
    with opened(browser, report) as page:
        page.keyboard.press("j")

        style = "getComputedStyle(document.activeElement)"
        assert page.evaluate(f"{style}.outlineStyle + ' ' + {style}.outlineWidth") == "solid 3px"


def test_summary_findings_and_coverage_are_read_without_scripts(browser, report):
    with opened(browser, report, java_script_enabled=False) as page:
        assert "2 failed." in page.locator(".headline").inner_text()
        assert "this was observed" in page.locator("#findings").inner_text()
        assert page.locator("#requirements tbody tr").count() == 9
        assert not page.locator("#filter").is_visible()
        page.locator("#s2 > summary").click()
        assert "showing them needs scripts" in page.locator("#s2").inner_text()


def test_packed_data_are_unpacked_when_they_are_wanted(browser, sample, tmp_path, monkeypatch):
    monkeypatch.setattr("reports.html.PLAIN_ROOM", 1)
    path = written(tmp_path, render(sample, sample_catalogue()))

    with opened(browser, path) as page:
        page.locator("#s5 > summary").click()
        page.wait_for_selector("#s5 .exchange")
        assert page.locator("#s5 .exchange").count() == 10


def test_browser_that_cannot_unpack_is_told_where_the_data_are(
    browser, sample, tmp_path, monkeypatch
):
    monkeypatch.setattr("reports.html.PLAIN_ROOM", 1)
    path = written(tmp_path, render(sample, sample_catalogue()))

    with opened(browser, path, before="delete window.DecompressionStream") as page:
        page.locator("#s5 > summary").click()
        told = "journal-gw0.jsonl and bodies/ of the results folder"
        playwright.expect(page.locator("#s5 .details")).to_contain_text(told)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_hostile_texts_are_seen_and_do_nothing(browser, tmp_path, size):
    with opened(browser, written(tmp_path, hostile_page(tmp_path)), size) as page:
        page.locator("#s1 > summary").click()
        page.wait_for_selector("#s1 .exchange")
        for summary in page.locator("#s1 .exchange > summary").all():
            summary.click()

        told = page.evaluate("document.body.textContent")
        assert "<script>alert(1)</script>" in told
        assert UNSEEN.findall(told) == []
        assert page.locator("#scenarios img, #scenarios script, #scenarios iframe").count() == 0
        attributes = "[...document.querySelectorAll('*')].flatMap(one => [...one.attributes])"
        assert page.evaluate(f"{attributes}.filter(one => /^on/.test(one.name)).length") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_five_megabytes_of_one_line_do_not_break_the_layout(browser, tmp_path, size):
    body = b"<a>" + b"A" * 5_000_000
    answer = {"response_body": body, "response_headers": (("X-Long", "b" * 100_000),)}
    seen = http("primary", "cms", "GET", "/" + "c" * 100_000, 200, **answer)
    path = written(tmp_path, render(one_exchange(tmp_path, seen), sample_catalogue()))

    with opened(browser, path, size) as page:
        page.goto(f"{path.as_uri()}#s1-X1")
        page.wait_for_selector("#s1-X1 .body")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        link = page.locator("#s1-X1 .body a").get_attribute("href")
        assert (tmp_path / link).read_bytes() == body


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_page_is_as_wide_as_the_screen(browser, report, size):
    with opened(browser, report, size) as page:
        for name in ("s2", "s5", "s7"):
            page.locator(f"#{name} > summary").click()
            page.wait_for_selector(f"#{name} .exchange")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_dark_is_dark(browser, report):
    paper = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, report, color_scheme="light") as page:
        assert page.evaluate(paper) == "rgb(246, 246, 243)"
    with opened(browser, report, color_scheme="dark") as page:
        assert page.evaluate(paper) == "rgb(20, 23, 28)"


def test_every_printed_page_of_the_reference_ue_says_so(browser, report, tmp_path):
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext (poppler-utils) is not installed here")
    with opened(browser, report) as page:
        page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    told = subprocess.run(
        [reader, "-layout", tmp_path / "report.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.rstrip("\f")
    pages = told.split("\f")
    assert len(pages) > 1
    assert [number for number, text in enumerate(pages) if "never certifiable" not in text] == []


def test_body_that_is_markup_opens_as_text(browser, tmp_path):
    """The link to a whole body leads to a file without an ending, which no browser runs."""
    body = b"<html><script>document.title = 'run'</script>" + b"A" * 30_000
    one_exchange(tmp_path, http("primary", "cms", "GET", "/", 200, response_body=body))
    (stored,) = (tmp_path / "bodies").iterdir()

    page = browser.new_page()
    page.goto(stored.as_uri())
    told = page.evaluate("document.contentType"), page.title()
    page.close()
    assert told == ("text/plain", "")
