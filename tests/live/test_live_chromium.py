"""The page in a real Chromium: what is seen, by mouse and keyboard, on a phone, by strangers."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from muster.journal import Journal
from muster.live.kept import WINDOW
from muster.live.place import take_place
from muster.live.server import served
from muster.prompts import Prompt
from tests.live.campaign import REQUIREMENT, SCENARIOS, SIGN_IN, Written
from tests.reports.sample import http, sample_catalogue

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")
DESKTOP, PHONE, SMALL = (1280, 800), (390, 844), (320, 640)
PARTS = ("sequence", "findings", "scenarios")
NODES = 12_000
"""Elements of the page, whatever the length of the campaign."""


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        # Debian's Chromium cannot make a sandbox for root.
        made = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def address(written: Written) -> Iterator[str]:
    with served(written.folder, take_place("0"), sample_catalogue()) as address:
        yield address


@contextmanager
def opened(
    browser: playwright.Browser, address: str, size: tuple[int, int] = DESKTOP
) -> Iterator[playwright.Page]:
    """Open the page; whatever the browser complains of fails the test."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page, complaints = context.new_page(), []
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(address)
    page.wait_for_selector("body[data-link=live]")
    yield page
    context.close()
    assert complaints == []


def is_complaint(said: playwright.ConsoleMessage) -> bool:
    """Whether the browser complains; an answer that came too late is told on the page."""
    return said.type == "error" and "409 (Conflict)" not in said.text


@pytest.fixture
def page(browser: playwright.Browser, address: str) -> Iterator[playwright.Page]:
    with opened(browser, address) as page:
        yield page


def texts(page: playwright.Page, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(selector).all_inner_texts()]


# What is seen ------------------------------------------------------------------------------------


def test_messages_appear_in_their_lanes_as_they_happen(
    page: playwright.Page, written: Written
) -> None:
    written.begin(1)
    written.get("/profile.xml")
    page.wait_for_selector("li.exchange")
    first = texts(page, "li.exchange button")
    written.notify("partner")
    written.get("/annex.xml", system="annex")
    page.wait_for_selector("text=annex.xml")

    assert first == ["X1 +0.00 GET profile.xml (UE to primary) cms 200"]
    assert texts(page, ".lane") == ["UE", "primary", "partner", "annex"]
    assert [text.partition(" ")[2].partition(" ")[2] for text in texts(page, "li.exchange")] == [
        "GET profile.xml (UE to primary) cms 200",
        "NOTIFY ue (partner to UE) sip 200",
        "GET annex.xml (UE to annex) cms 200",
    ]
    ends = page.eval_on_selector_all(
        ".lane, li .arrow", "all => all.map(one => one.getBoundingClientRect())"
    )
    lanes = [lane["x"] + lane["width"] / 2 for lane in ends[:4]]
    assert [arrow["right"] for arrow in ends[4:]] == pytest.approx(
        [lanes[1], lanes[2], lanes[3]], abs=2
    )
    assert [arrow["x"] for arrow in ends[4:]] == pytest.approx([lanes[0]] * 3, abs=2)


def test_progress_and_findings_follow_the_campaign(page: playwright.Page, written: Written) -> None:
    written.begin(0)
    written.depart(written.get(), observed="<i>another</i>")
    written.verdict("FAIL")
    page.wait_for_selector("text=1 of 2 scenarios · 1 FAIL")

    assert page.get_attribute("#bar", "aria-label") == (
        "1 of 2 scenarios are settled: 1 FAIL, 1 waiting"
    )
    assert page.title() == "1 of 2 · Muster"
    assert texts(page, "#found h3") == [f"FAIL {REQUIREMENT} once"]
    assert texts(page, "#found dd") == ["one", "<i>another</i>"]
    assert texts(page, "#list .badge") == ["FAIL"]
    written.end()
    page.wait_for_selector("text=all is settled")
    assert page.inner_text("#report") == f"Report: {written.folder / 'report.html'}"


def test_an_exchange_is_shown_with_fields_body_and_checks(
    page: playwright.Page, written: Written
) -> None:
    written.begin()
    answer = (("Content-Type", "application/json"),)
    written.depart(written.get(response_body=b'{"a":1}', response_headers=answer))
    page.click("li.exchange button")
    page.wait_for_selector("#exchange pre")

    assert page.inner_text("#exchange-title") == "X1 UE → primary cms"
    assert texts(page, "#exchange .start") == ["GET /doc.xml", "200"]
    assert page.inner_text("#exchange pre") == '{\n  "a": 1\n}'
    assert "Content-Type" in page.inner_text("#exchange .fields >> nth=1")
    assert "It holds." in page.inner_text("#exchange .checks")
    assert texts(page, "#exchange .checks dd") == ["one", "another"]


def test_the_messages_of_one_scenario_are_shown_alone(
    page: playwright.Page, written: Written
) -> None:
    written.begin(0)
    written.get("/first.xml")
    written.begin(1)
    written.get("/second.xml")
    page.wait_for_selector("text=second.xml")

    page.click(f"#list button:has-text('{SCENARIOS[0]['title']}')")
    page.wait_for_selector("text=second.xml", state="detached")
    alone = texts(page, "li.exchange .words")
    page.click("#all")
    page.wait_for_selector("text=second.xml")

    assert alone == ["GET first.xml"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_journal_without_a_campaign_shows_its_messages(
    browser: playwright.Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    journal = Journal(tmp_path, "serve")
    journal.exchange(http("primary", "cms", "GET", "/doc.xml", 200))
    with (
        served(tmp_path, take_place("0"), None) as address,
        opened(browser, address, size) as page,
    ):
        page.wait_for_selector("li.exchange")
        shown = [one for one in PARTS if page.is_visible(f"#{one}")]
        page.click("li.exchange button")
        page.wait_for_selector("#exchange .start")
    journal.close()

    assert shown == ["sequence"]


# What a person is asked --------------------------------------------------------------------------


def answer_of(written: Written, prompt: Prompt = SIGN_IN) -> dict[str, str]:
    path = written.folder / "answers" / f"{prompt.id}.json"
    told: dict[str, str] = json.loads(path.read_text())
    return told


def test_a_prompt_is_answered_with_a_button(page: playwright.Page, written: Written) -> None:
    written.begin()
    written.ask()
    page.wait_for_selector(".answer")
    asked = page.inner_text("article.prompt")
    page.click("text=Add a note")
    page.fill("article.prompt input", "no key")
    with page.expect_response("**/answers/*"):
        page.click("text=Refused")
    written.answered("refused", "no key")
    page.wait_for_selector("article.prompt", state="detached")

    for words in (SIGN_IN.what, SIGN_IN.why, "alice", "Muster waits", "Done", "Cannot"):
        assert words in asked
    assert answer_of(written) == {"answer": "refused", "detail": "no key"}
    assert page.inner_text("#notice") == "Answered refused: Sign in as Alice."


def test_an_answer_given_elsewhere_before_is_told(page: playwright.Page, written: Written) -> None:
    written.begin()
    written.ask()
    page.wait_for_selector(".answer")
    (written.folder / "answers").mkdir()
    (written.folder / "answers" / f"{SIGN_IN.id}.json").write_text("{}")
    with page.expect_response(lambda answer: answer.status == 409):
        page.click("[data-answer=done]")
    page.wait_for_selector("text=There was an answer before yours.")


def test_the_page_works_with_the_keyboard_alone(page: playwright.Page, written: Written) -> None:
    written.begin()
    written.get("/first.xml")
    written.get("/second.xml")
    written.ask()
    page.wait_for_selector(".answer")

    visited = []
    for _ in range(40):
        page.keyboard.press("Tab")
        visited.append(
            page.evaluate(
                "() => { const one = document.activeElement, seen = getComputedStyle(one);"
                " return [one.tagName, one.innerText || one.ariaLabel || one.labels?.[0]?.innerText"
                " || '', one.matches(':focus-visible') && seen.outlineStyle !== 'none'] }"
            )
        )
        if "second.xml" in visited[-1][1]:
            break
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector("#exchange pre, #exchange .start")
    opened_title = page.inner_text("#exchange-title")
    focused = page.evaluate("document.activeElement.id")
    page.keyboard.press("Escape")
    back = page.evaluate("document.activeElement.innerText")

    assert all(name and visible for tag, name, visible in visited if tag != "BODY")
    assert [one[1].split("\n")[0] for one in visited[:4]] == [
        "To what you are asked",
        "To the messages",
        "Done",
        "Refused",
    ]
    assert "second.xml" in visited[-1][1]
    assert (opened_title, focused) == ("X1 UE → primary cms", "exchange-title")
    assert "first.xml" in back


def test_a_prompt_is_answered_with_the_keyboard_alone(
    page: playwright.Page, written: Written
) -> None:
    written.begin()
    written.ask()
    page.wait_for_selector(".answer")
    for _ in range(3):
        page.keyboard.press("Tab")
    with page.expect_response("**/answers/*"):
        page.keyboard.press("Enter")
    later = Prompt("power_on", {}, "Switch it on.", "Bootstrap.", 60.0, "a2")
    written.ask(later)
    page.wait_for_selector("text=Switch it on.")
    written.answered()
    page.wait_for_selector("text=Answered done: Sign in as Alice.")

    assert answer_of(written) == {"answer": "done", "detail": ""}
    # On the words of the next prompt, not on a button: one key press must not answer twice.
    assert page.evaluate("document.activeElement.innerText") == "Switch it on."


# Length, reload, loss ----------------------------------------------------------------------------


def test_a_long_campaign_is_followed_with_a_bounded_page(
    page: playwright.Page, written: Written
) -> None:
    written.begin()
    page.evaluate(
        "window.slow = []; new PerformanceObserver(list => window.slow.push(...list.getEntries()"
        ".map(one => one.duration))).observe({ type: 'longtask', buffered: true })"
    )
    for number in range(1000):
        written.get(f"/doc-{number}.xml", system="partner" if number % 3 else "primary")
    page.wait_for_selector("text=doc-999.xml")

    assert page.locator("#rows li").count() == WINDOW
    assert page.evaluate("document.querySelectorAll('*').length") < NODES
    assert page.evaluate("feed.scrollHeight - feed.scrollTop - feed.clientHeight") < 2
    page.click("#earlier")
    page.wait_for_selector("text=doc-700.xml")
    assert page.locator("#rows li").count() == WINDOW
    page.click("#follow")
    page.wait_for_selector("text=doc-999.xml")


def test_whoever_reads_back_is_not_carried_away(page: playwright.Page, written: Written) -> None:
    written.begin()
    for number in range(60):
        written.get(f"/doc-{number}.xml")
    page.wait_for_selector("text=doc-59.xml")
    page.hover("#rows")
    page.mouse.wheel(0, -900)
    page.wait_for_selector("#follow[aria-pressed=false]")
    at = page.evaluate("feed.scrollTop")
    written.get("/later.xml")
    page.wait_for_selector("text=Follow: 1 new")

    assert page.evaluate("feed.scrollTop") == at
    page.click("#follow")
    page.wait_for_selector("text=later.xml")


def test_a_reload_finds_everything_again(page: playwright.Page, written: Written) -> None:
    written.begin(0)
    written.depart(written.get("/first.xml"))
    written.begin(1)
    written.get("/second.xml")
    written.ask()
    page.wait_for_selector("text=second.xml")
    page.click(f"#list button:has-text('{SCENARIOS[0]['title']}')")
    page.wait_for_selector("text=second.xml", state="detached")
    page.click("li.exchange button")
    page.wait_for_selector("#exchange .checks")
    page.reload()
    page.wait_for_selector("#exchange .checks")
    page.wait_for_selector("text=second.xml", state="detached")

    assert texts(page, "li.exchange .words") == ["GET first.xml"]
    assert page.inner_text("#exchange-title") == "X1 UE → primary cms"
    assert texts(page, "article.prompt h3") == [SIGN_IN.what]
    assert texts(page, "#found h3") == [f"FAIL {REQUIREMENT} once"]


def test_the_end_of_muster_is_told_and_what_was_seen_stays(
    browser: playwright.Browser, written: Written
) -> None:
    with served(written.folder, take_place("0"), None) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        written.begin()
        written.get("/seen.xml")
        written.ask()
        page.wait_for_selector(".answer")
    page.wait_for_selector("body[data-link=over]")

    assert "Muster has ended" in page.inner_text("#link")
    assert texts(page, "li.exchange .words") == ["GET seen.xml"]
    assert page.locator(".answer").count() == 0
    context.close()


# A phone -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [PHONE, SMALL])
def test_the_page_fits_a_phone(
    browser: playwright.Browser, address: str, written: Written, size: tuple[int, int]
) -> None:
    written.begin(1)
    name = written.get("/a-name-that-is-much-too-long-for-the-width-of-a-phone-" * 3)
    written.depart(name, observed="x" * 300)
    written.get("/annex.xml", system="a-system-with-a-long-name")
    written.ask()
    with opened(browser, address, size) as page:
        page.wait_for_selector(".answer")
        overflow = {}
        for view in PARTS:
            page.click(f"[data-show={view}]")
            overflow[view] = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            shown = [one for one in PARTS if page.is_visible(f"#{one}")]
            assert shown == [view]
        page.click("[data-show=sequence]")
        page.click("li.exchange button >> nth=0")
        page.wait_for_selector("#exchange .start")
        answers = page.eval_on_selector_all(
            ".answer", "all => all.map(one => one.getBoundingClientRect().height)"
        )

        assert overflow == {"sequence": 0, "findings": 0, "scenarios": 0}
        assert page.is_visible("#close")
        assert min(answers) >= 44


# Strangers ---------------------------------------------------------------------------------------

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>javascript:alert(3)"


def test_what_a_ue_sent_is_text(page: playwright.Page, written: Written) -> None:
    scripts = page.locator("script").count()
    written.begin()
    headers = (("X-Evil", HOSTILE), (HOSTILE, "x"))
    html = (("Content-Type", "text/html"),)
    body = {"body": HOSTILE.encode(), "response_body": HOSTILE.encode(), "response_headers": html}
    name = written.get(f"/{HOSTILE}", method=HOSTILE, headers=headers, **body)
    written.depart(name, observed=HOSTILE)
    written.ask(Prompt("sign_in", {"user": HOSTILE}, HOSTILE, HOSTILE, 60.0, "a3"))
    written.verdict("INCONCLUSIVE", HOSTILE, HOSTILE)
    page.click("li.exchange button")
    page.wait_for_selector("#exchange pre")

    assert page.locator("script").count() == scripts
    assert page.locator("img, iframe, object, a[href^='javascript']").count() == 0
    assert HOSTILE in page.inner_text("#exchange pre >> nth=0")


def test_the_policy_forbids_script_that_is_not_the_pages_own(
    browser: playwright.Browser, address: str
) -> None:
    page = browser.new_page()
    page.goto(address)
    tried = page.evaluate(
        """async () => {
            const told = {};
            try { document.body.innerHTML = '<b>x</b>'; told.markup = 'done'; }
            catch (error) { told.markup = error.name; }
            const script = document.createElement('script');
            try { script.text = 'window.ran = 1'; } catch (error) { told.script = error.name; }
            try { await fetch('http://127.0.0.1:9/'); told.fetch = 'done'; }
            catch (error) { told.fetch = error.name; }
            return told;
        }"""
    )
    page.close()

    assert tried == {"markup": "TypeError", "script": "TypeError", "fetch": "TypeError"}


STRANGER = b"<!doctype html><title>stranger</title>"


class _Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(STRANGER)

    def log_message(self, *arguments: object) -> None:
        """Tests are silent."""


@pytest.fixture
def stranger() -> Iterator[str]:
    """Another origin on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stranger)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


TRIES = """async address => {
    const heard = {};
    const post = { method: 'POST', body: '{"answer":"done"}' };
    const json = { ...post, headers: { 'Content-Type': 'application/json' } };
    const tries = { read: [address], page: [address + 'rows'], simple: [address + 'answers/a1b2',
        { ...post, mode: 'no-cors' }], json: [address + 'answers/a1b2', json] };
    for (const [name, call] of Object.entries(tries)) {
        try { const answer = await fetch(...call); heard[name] = answer.type; }
        catch { heard[name] = 'refused'; }
    }
    heard.stream = await new Promise(done => {
        const source = new EventSource(address + 'events');
        source.onmessage = () => done('open');
        source.onerror = () => { source.close(); done('refused'); };
    });
    heard.script = await new Promise(done => {
        const script = document.createElement('script');
        script.onload = () => done('loaded');
        script.onerror = () => done('refused');
        script.src = address + 'live.js';
        document.head.append(script);
    });
    const frame = document.createElement('iframe');
    frame.src = address;
    document.body.append(frame);
    await new Promise(done => { frame.onload = done; });
    try { heard.frame = frame.contentDocument ? 'open' : 'refused'; }
    catch { heard.frame = 'refused'; }
    return heard;
}"""


def test_another_origin_gets_nothing_even_with_the_token(
    browser: playwright.Browser, address: str, written: Written, stranger: str
) -> None:
    written.begin()
    written.ask()
    page = browser.new_page()
    page.goto(stranger)
    heard = page.evaluate(TRIES, address)
    page.close()

    assert heard == dict.fromkeys(
        ("read", "page", "simple", "json", "stream", "script", "frame"), "refused"
    )
    assert not (written.folder / "answers").exists()


def test_a_page_without_the_token_is_refused(browser: playwright.Browser, address: str) -> None:
    page = browser.new_page()
    answers = [page.goto(url) for url in (address[:-2] + "/", address.rsplit("/", 2)[0] + "/")]
    statuses = [answer.status for answer in answers if answer]
    page.close()

    assert statuses == [403, 403]
