import base64
import hashlib
import re
import zlib
from dataclasses import replace

import pytest
from lxml import html

from muster.evidence import SipAnswer
from muster.journal import Journal
from muster.results import read_results
from reports.html import render, write_html
from tests.reports.large_sample import write_large
from tests.reports.sample import (
    SCENARIOS,
    Telling,
    close_campaign,
    fetch,
    http,
    open_campaign,
    sample_catalogue,
    sip,
    write_sample,
)

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"
    " \x1b[2J\x1b]0;owned\x07 \u202egnp.exe\u202c \u200b\x00 {{ 7*7 }} {% raw %} ]]> --> </style>"
    " javascript:alert(1)"
)


@pytest.fixture(scope="module")
def page(sample):
    return render(sample, sample_catalogue())


@pytest.fixture(scope="module")
def tree(page):
    return html.document_fromstring(page)


def text_of(element) -> str:
    return " ".join(element.text_content().split())


def one_exchange(folder, *exchanges):
    """A campaign of one scenario that saw these exchanges and ends INCONCLUSIVE."""
    controller, journal = Journal(folder, "controller"), Journal(folder, "gw0")
    open_campaign(controller)
    journal.write("collected", scenarios=[SCENARIOS[1]])
    journal.begin(SCENARIOS[1]["id"])
    journal.write("scenario-started")
    for exchange in exchanges:
        journal.exchange(exchange)
    journal.write("verdict", verdict="INCONCLUSIVE", reason="ue_silent", explanation=HOSTILE)
    journal.close()
    close_campaign(controller, {journal.path.name: journal.head})
    return read_results(folder)


def assert_inert(page):
    """Nothing of a UE became markup, moves a cursor or turns the direction of reading."""
    tree = html.document_fromstring(page)
    assert len(tree.xpath("//script[not(@type)]")) == 1
    assert tree.xpath("//img | //iframe | //object | //link | //svg[@onload]") == []
    assert tree.xpath("//@*[starts-with(name(), 'on') and name() != 'open']") == []
    assert (
        re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page)
        == []
    )


def test_page_loads_nothing_from_outside(tree):
    assert tree.xpath("//@src | //link | //@style") == []
    assert {href[0] for href in tree.xpath("//@href")} == {"#"}


def test_policy_allows_only_the_script_and_the_style_of_the_page(tree):
    def digest(element):
        told = hashlib.sha256(element.text.encode()).digest()
        return base64.b64encode(told).decode()

    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")

    (script,), (style,) = tree.xpath("//script"), tree.xpath("//style")
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest(script)}';"
        f" style-src 'sha256-{digest(style)}'; base-uri 'none'; form-action 'none'"
    )


def test_every_link_leads_somewhere(tree):
    ids = set(tree.xpath("//@id"))

    assert {href[1:] for href in tree.xpath("//@href")} - ids == set()


def test_ids_are_unique(tree):
    ids = tree.xpath("//@id")

    assert len(ids) == len(set(ids))


def test_reference_ue_is_announced_as_never_certifiable(tree):
    (banner,) = tree.find_class("reference")

    assert "Built-in reference UE." in text_of(banner)
    assert "never certifiable" in text_of(banner)


def test_other_ue_is_not_announced_as_the_reference_ue(tmp_path):
    results = read_results(write_sample(tmp_path, builtin=False))

    tree = html.document_fromstring(render(results, sample_catalogue()))

    assert tree.find_class("reference") == []
    assert "Nordhorn H7" in text_of(tree.find(".//h1"))


def test_summary_has_all_denominators(tree):
    (tiles,) = tree.find_class("tiles")

    told = dict(zip(map(text_of, tiles.iter("dt")), map(text_of, tiles.iter("dd")), strict=True))
    assert told == {
        "Selected": "8",
        "Applicable": "7",
        "PASS": "2",
        "FAIL": "2",
        "INCONCLUSIVE": "1",
        "NOT APPLICABLE": "1",
        "ERROR": "1",
        "NOT RUN": "1",
    }


def test_findings_that_fail_come_before_warnings(tree):
    findings = tree.xpath("//section[@id='findings']/article")

    assert [text_of(one.find("h3")) for one in findings] == [
        "FAIL TS23280-10.1.1.2-05",
        "FAIL TS24484-8.2-01",
        "WARNING TS23280-10.1.1.2-04",
    ]


def test_finding_tells_clause_statement_expected_observed_and_exchange(tree):
    finding = tree.xpath("//section[@id='findings']/article")[1]

    told = text_of(finding)
    assert "TS 24.484 8.2 · shall · verified" in told
    assert "The UE configuration is asked for" in told
    assert re.search(r"Expected\S+/ue-alice-1 Observed\S+/ue-bob-1", told)
    (link,) = finding.xpath(".//a[@class='x']/@href")
    assert "GET" in text_of(tree.get_element_by_id(link[1:]))


def test_areas_stand_in_the_order_of_life(tree):
    rows = tree.xpath("//section[@id='areas']//tbody/tr/th")

    assert [text_of(row) for row in rows] == [
        "Bootstrap",
        "UE configuration",
        "User profile",
        "Updates during service",
        "Migration",
        "Robustness",
    ]


def test_requirement_tells_how_many_scenarios_passed(tree):
    row = tree.get_element_by_id("r-TS33180-5.1-09")

    assert [text_of(cell) for cell in row][1:] == [
        "PASS1 of 1 passed",
        "The access token of the primary system is exchanged for a security token.",
        "s5 s6",
    ]


def test_requirement_that_nothing_cites_is_listed_as_such(tree):
    (left,) = tree.find_class("uncited")

    assert "TS24484-9.9-01" in text_of(left)
    assert "no selected scenario cites it" in text_of(left)


def test_bodies_are_indented_and_multipart_is_split(tree):
    migration = tree.get_element_by_id("s5")
    texts = [body.text_content() for body in migration.find_class("body")]

    assert any("<mcpttinfo>\n  <mcptt-Params>\n" in text for text in texts)
    assert any(text.startswith("application/resource-lists+xml") for text in texts)


def test_masked_token_is_a_label_that_tells_whose_it_is(tree):
    migration = tree.get_element_by_id("s5")
    titles = set(migration.xpath(".//mark/@title"))

    assert "access token issued by partner to sip:visitor-77c1@partner-77c1.example" in titles
    assert "masked-access" not in migration.text_content()


def test_failed_tls_is_shown_where_it_happened(tree):
    robustness = tree.get_element_by_id("s7")

    assert "tls-failed (alert: unknown_ca)" in text_of(robustness)
    assert len(robustness.find_class("cross")) == 1


def test_sequence_chart_leads_to_its_exchanges(tree):
    chart = tree.get_element_by_id("s5").find_class("chart")[0]

    assert [a.get("href") for a in chart.iter("a")] == [f"#s5-X{at}" for at in range(13, 23)]


def test_broken_chain_is_announced(tmp_path):
    path = write_sample(tmp_path) / "journal-gw0.jsonl"
    path.write_bytes(path.read_bytes().replace(b"ue-bob-1", b"ue-eve-1", 1))

    tree = html.document_fromstring(render(read_results(tmp_path), sample_catalogue()))

    (banner,) = tree.find_class("broken")
    assert "this campaign is no evidence" in text_of(banner)


def test_cut_campaign_still_renders_and_says_so(tmp_path):
    results = read_results(write_sample(tmp_path, cut=True))

    told = text_of(html.document_fromstring(render(results, sample_catalogue())))

    assert "no chain heads were written" in told
    assert "not sealed" in told


def test_record_without_any_scenario_renders(tmp_path):
    Journal(tmp_path, "controller").close()

    page = render(read_results(tmp_path), sample_catalogue())

    assert "No scenario applied: nothing was shown." in page


def test_missing_body_is_said_at_its_exchange(tmp_path):
    one_exchange(tmp_path, http("primary", "cms", "GET", "/a", 200, response_body=b"gone"))
    for body in (tmp_path / "bodies").iterdir():
        body.unlink()

    assert "A body of this exchange is missing" in render(
        read_results(tmp_path), sample_catalogue()
    )


def test_hostile_texts_are_inert_wherever_they_stand(tmp_path):
    fields = ((HOSTILE, HOSTILE), ("Content-Type", f"multipart/mixed; boundary={HOSTILE}"))
    answer = SipAnswer(200, HOSTILE, fields, HOSTILE.encode())
    seen = (
        http("primary", "cms", HOSTILE, f"/{HOSTILE}?{HOSTILE}", 200, headers=fields, body=b"x"),
        http("primary", "cms", "POST", "/", 200, body=HOSTILE.encode(), facts={HOSTILE: HOSTILE}),
        replace(sip("partner", "INVITE", HOSTILE, 200), headers=fields, responses=(answer,)),
    )

    page = render(one_exchange(tmp_path, *seen), sample_catalogue())

    assert_inert(page)
    assert "␛[2J" in page
    assert "⟨U+202E⟩" in page
    assert "{{ 7*7 }}" in page


def test_hostile_finding_and_stimulus_are_inert(tmp_path):
    controller, journal = Journal(tmp_path, "controller"), Journal(tmp_path, "gw0")
    open_campaign(controller)
    journal.write("collected", scenarios=[{**SCENARIOS[1], "title": HOSTILE, "tags": [HOSTILE]}])
    journal.begin(SCENARIOS[1]["id"])
    tell = Telling(journal)
    tell.step("When", HOSTILE)
    tell.stimulus("migrate", "refused", HOSTILE, partner=HOSTILE)
    tell.depart(HOSTILE, HOSTILE, HOSTILE, HOSTILE, fetch(tell, "primary", "cms", "/"), "FAIL")
    journal.connection("primary", "cms", "c1", "unparsed", bytes=HOSTILE)
    journal.crash("cms", RuntimeError(HOSTILE))
    journal.close()
    controller.close()

    assert_inert(render(read_results(tmp_path), sample_catalogue()))


def test_long_line_is_trimmed_with_a_note(tmp_path):
    body = b"<" + b"A" * 5_000_000
    exchange = http("primary", "cms", "GET", "/" + "b" * 100_000, 200, response_body=body)

    page = render(one_exchange(tmp_path, exchange), sample_catalogue())

    assert len(page) < 400_000
    assert "only the first 20000 characters of 5000001 bytes are shown" in page


def test_invalid_utf8_is_shown_as_escapes(tmp_path):
    exchange = http("primary", "cms", "GET", "/", 200, response_body=b"caf\xe9 \xff\xfe \x80")

    page = render(one_exchange(tmp_path, exchange), sample_catalogue())

    assert r"caf\xe9 \xff\xfe \x80" in page


def test_document_type_with_entities_is_shown_and_not_expanded(tmp_path):
    bomb = b'<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>'
    exchange = http("primary", "cms", "GET", "/", 200, response_body=bomb)

    page = render(one_exchange(tmp_path, exchange), sample_catalogue())

    assert "&lt;a&gt;&amp;b;&amp;c;&lt;/a&gt;" in page


def test_same_body_is_shown_once_in_a_scenario(tmp_path):
    body = b"<same>" + b"x" * 300 + b"</same>"
    exchange = http("primary", "cms", "GET", "/", 200, response_body=body)

    page = render(one_exchange(tmp_path, exchange, exchange), sample_catalogue())

    assert page.count("&lt;same&gt;") == 1
    assert 'The body is the same as in <a class="x" href="#s1-X1">' in page


def test_large_campaign_stays_under_5_megabytes(tmp_path):
    results = read_results(write_large(tmp_path / "large"))

    write_html(results, sample_catalogue(), tmp_path / "report.html")

    assert (tmp_path / "report.html").stat().st_size < 5_000_000
    assert sum(len(one.exchanges) for one in results.scenarios) == 8_000


def test_compressed_exchanges_are_those_of_scenarios_that_passed(tmp_path):
    results = read_results(write_large(tmp_path, scenarios=21, exchanges=10))

    tree = html.document_fromstring(render(results, sample_catalogue(), largest=250_000))

    packed = [one.get("data-verdict") for one in tree.xpath("//details[div[div[@class='packed']]]")]
    assert set(packed) == {"PASS"}
    assert len(packed) > 5


def test_compressed_exchanges_unpack_to_what_the_page_would_show(tmp_path):
    results = read_results(write_large(tmp_path, scenarios=3, exchanges=6))
    plain = html.document_fromstring(render(results, sample_catalogue()))

    tree = html.document_fromstring(render(results, sample_catalogue(), largest=1))

    (data,) = tree.get_element_by_id("s2").xpath(".//script/text()")
    wire = html.fragment_fromstring(zlib.decompress(base64.b64decode(data)).decode(), "div")
    assert wire.xpath(".//details/@id") == plain.xpath(
        "//*[@id='s2']//details[@class='exchange']/@id"
    )
