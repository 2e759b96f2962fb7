import base64
import hashlib
import re
import zlib
from dataclasses import replace

import pytest
from lxml import html

from muster.deviations import Deviation, KnownDeviations
from muster.evidence import SipAnswer
from muster.journal import Journal
from muster.results import read_results
from reports.html import TEMPLATES, render, unpacked, write_html
from reports.offending import HEAD
from tests.reports.large_sample import write_large
from tests.reports.page_data import PageData
from tests.reports.sample import (
    ALICE,
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
def data(page):
    return PageData(page)


@pytest.fixture(scope="module")
def tree(page):
    return html.document_fromstring(page)


def text_of(element) -> str:
    return " ".join(element.text_content().split())


def cells_of(row) -> str:
    return " ".join(filter(None, map(text_of, row)))


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


def test_script_makes_no_markup_of_texts_and_loads_nothing():
    script = "\n".join(path.read_text("utf-8") for path in (TEMPLATES / "js").glob("*.js"))

    forbidden = (
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\(|import\b"
    )
    assert re.findall(forbidden, script) == []


def test_policy_allows_only_the_script_and_the_style_of_the_page(tree):
    def digest(element):
        told = hashlib.sha256(element.text.encode()).digest()
        return base64.b64encode(told).decode()

    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")

    (script,), (style,) = tree.xpath("//script[not(@type)]"), tree.xpath("//style")
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest(script)}';"
        f" style-src 'sha256-{digest(style)}'; base-uri 'none'; form-action 'none'"
    )


def test_every_link_leads_somewhere(tree, data):
    ids = set(tree.xpath("//@id"))
    shown = {
        f"{name}-{one['name']}" for name in data.places for one in data.scenario(name)["exchanges"]
    }

    assert {href[1:] for href in tree.xpath("//@href")} - ids - shown == set()


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
    assert "Likely side: UE" in told
    assert finding.xpath(".//a[@class='x']/@href") == ["#s2-X6"]


def test_finding_shows_the_offending_line_without_scripts(tree):
    finding = tree.xpath("//section[@id='findings']/article")[1]

    (line,) = finding.find_class("off")
    assert text_of(line) == (
        f"GET /xcap-5d1e/org.3gpp.mcptt.ue-config/users/{ALICE}/ue-bob-1 ◀ this was observed"
    )


def test_offending_line_is_named_to_the_script(data):
    assert data.exchange("s2", "X6")["lines"] == [[0, HEAD, 0, "observed"]]


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


def test_services_that_nothing_was_selected_for_stand_there_too(tree):
    rows = tree.xpath("//section[@id='services']//tbody/tr")

    assert [cells_of(row) for row in rows] == [
        "MCPTT 8 2 2 1 1 1 1",
        "MCVideo nothing selected 0 0 0 0 0 0 0",
        "MCData nothing selected 0 0 0 0 0 0 0",
    ]


def test_client_that_nothing_was_selected_for_is_not_green(tree):
    rows = tree.xpath("//section[@id='clients']//tbody/tr")

    told = {text_of(row.find("th")): cells_of(row) for row in rows}
    assert told["Configuration management client (CMC)"].endswith("8 2 2 1 1 1 1")
    assert told["Functional alias management client"].endswith("nothing selected 0 0 0 0 0 0 0")
    assert len(rows) == 7


def test_requirement_tells_clause_level_basis_and_how_many_scenarios_passed(tree):
    row = tree.get_element_by_id("r-TS33180-5.1-09")

    assert [text_of(cell) for cell in row][1:] == [
        "TS 33.180 5.1",
        "shall, verified",
        "PASS1 of 1 passed",
        "The access token of the primary system is exchanged for a security token.",
        "s5 s6",
    ]


def test_requirement_that_nothing_cites_says_why(tree):
    row = tree.get_element_by_id("r-TS24484-9.9-01")

    assert [text_of(cell) for cell in row][3:] == [
        "not tested",
        "A requirement that no scenario of the sample cites.",
        "no selected scenario cites it",
    ]


def test_requirements_stand_in_the_order_of_their_clauses(tree):
    rows = tree.xpath("//section[@id='requirements']//tbody/tr/@id")

    assert rows.index("r-TS24484-6.2.2-03") < rows.index("r-TS24484-8.2-01")
    assert len(rows) == len(sample_catalogue().requirements)


def test_open_scenario_tells_its_reason_and_likely_side(tree):
    told = [text_of(one) for one in tree.find_class("open")[0]]

    assert told[1].startswith("INCONCLUSIVE The pre-selected profile becomes active ue_silent")
    assert told[1].endswith("likely side: UE, the UE reached servers and then stayed silent")


def test_bodies_are_indented_and_multipart_is_split(data):
    (asked, _) = data.messages("s5", "X18")

    assert "<mcpttinfo>\n  <mcptt-Params>\n" in asked
    (body,) = {body for _, body, _ in data.exchange("s5", "X18")["messages"] if body >= 0}
    assert [part[0] for part in data.chunk("s5")["bodies"][body][1]] == [
        "application/vnd.3gpp.mcptt-info+xml",
        "application/resource-lists+xml",
    ]


def test_masked_token_is_told_whose_it_is(data):
    told = data.scenario("s5")["tokens"]["masked-access-77c1c0ffee02"]

    assert told[0] == "access token issued by partner to sip:visitor-77c1@partner-77c1.example"


def test_failed_tls_is_told_at_its_step(data):
    told = [event[2] for event in data.scenario("s7")["events"] if event[1] == "bad"]

    assert "tls-failed (alert: unknown_ca)" in told[0]


def test_migration_tells_its_order_and_who_saw_what(data):
    tables = data.scenario("s5")["tables"]

    assert [table["title"].partition(",")[0] for table in tables] == [
        "Migration to the partner system",
        "Which system saw what",
    ]


def test_story_names_each_message_once_and_tells_acts_before_them(data):
    shown = data.scenario("s5")
    named = [line for _, _, lines in shown["story"] for line in lines if isinstance(line, str)]
    first = next(lines for keyword, _, lines in shown["story"] if keyword == "When")

    assert sorted(named) == sorted(one["name"] for one in shown["exchanges"])
    assert first[0][0] == "act"
    assert first[0][1].startswith("The user chooses to be served by")


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


def test_known_deviations_are_shown_at_their_findings_and_as_a_list(sample):
    known = Deviation("TS24484-8.2-01", SCENARIOS[1]["id"], "Fixed in 4.3", "CR 7", "2099-01-31")
    over = replace(known, requirement="TS24484-9.9-01", expires="2020-01-31")
    told = KnownDeviations((known, over), allowed=False, day="2026-11-27")
    departed = replace(sample.scenarios[1], known=(known,))
    scenarios = (sample.scenarios[0], departed, *sample.scenarios[2:])

    page = render(replace(sample, scenarios=scenarios, deviations=told), sample_catalogue())

    tree = html.document_fromstring(page)
    rows = tree.xpath("//section[@id='deviations']//tbody/tr")
    assert [text_of(row[5]) for row in rows] == [
        "explains 1 scenario",
        "stale: expired on 2020-01-31",
    ]
    assert [text_of(one) for one in tree.xpath("//section[@id='findings']//p[@class='known']")] == [
        "Known deviation: Fixed in 4.3 (CR 7, until 2099-01-31)"
    ]
    assert "known" in text_of(tree.get_element_by_id("s2").find("summary"))


def test_page_without_known_deviations_has_no_list_of_them(tree):
    assert tree.xpath("//section[@id='deviations']") == []


def test_record_of_a_later_version_is_announced(sample):
    tree = html.document_fromstring(render(replace(sample, newer=True), sample_catalogue()))

    (banner,) = tree.find_class("broken")
    assert "Written by a later version of Muster." in text_of(banner)


def test_record_without_any_scenario_renders(tmp_path):
    Journal(tmp_path, "controller").close()

    page = render(read_results(tmp_path), sample_catalogue())

    assert "No scenario applied: nothing was shown." in page


def test_missing_body_is_said_at_its_exchange(tmp_path):
    one_exchange(tmp_path, http("primary", "cms", "GET", "/a", 200, response_body=b"gone"))
    for body in (tmp_path / "bodies").iterdir():
        body.unlink()

    page = render(read_results(tmp_path), sample_catalogue())

    assert PageData(page).exchange("s1", "X1")["gap"] is True
    assert "missing in the results folder" in page


def hostile_page(tmp_path):
    fields = ((HOSTILE, HOSTILE), ("Content-Type", f"multipart/mixed; boundary={HOSTILE}"))
    answer = SipAnswer(200, HOSTILE, fields, HOSTILE.encode())
    seen = (
        http("primary", "cms", HOSTILE, f"/{HOSTILE}?{HOSTILE}", 200, headers=fields, body=b"x"),
        http("primary", "cms", "POST", "/", 200, body=HOSTILE.encode(), facts={HOSTILE: HOSTILE}),
        replace(sip("partner", "INVITE", HOSTILE, 200), headers=fields, responses=(answer,)),
    )
    return render(one_exchange(tmp_path, *seen), sample_catalogue())


def test_hostile_texts_are_inert_wherever_they_stand(tmp_path):
    page = hostile_page(tmp_path)

    assert_inert(page)
    assert "␛[2J" in page
    assert "⟨U+202E⟩" in page
    assert "{{ 7*7 }}" in page
    assert PageData(page).messages("s1", "X2")[0].endswith(HOSTILE)


def hostile_finding(tmp_path):
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
    return read_results(tmp_path)


def test_hostile_finding_and_stimulus_are_inert(tmp_path):
    assert_inert(render(hostile_finding(tmp_path), sample_catalogue()))


def test_long_line_is_trimmed_with_a_note_and_the_whole_name_of_its_file(tmp_path):
    body = b"<" + b"A" * 5_000_000
    exchange = http("primary", "cms", "GET", "/" + "b" * 100_000, 200, response_body=body)

    page = render(one_exchange(tmp_path, exchange), sample_catalogue())

    assert len(page) < 400_000
    told = PageData(page)
    assert told.notes("s1") == ["only the first 20000 characters of 5000001 bytes are shown"]
    assert told.chunk("s1")["bodies"][0][0] == hashlib.sha256(body).hexdigest()


def test_invalid_utf8_is_shown_as_escapes(tmp_path):
    exchange = http("primary", "cms", "GET", "/", 200, response_body=b"caf\xe9 \xff\xfe \x80")

    page = render(one_exchange(tmp_path, exchange), sample_catalogue())

    assert PageData(page).messages("s1", "X1")[1].endswith(r"caf\xe9 \xff\xfe \x80")


def test_document_type_with_entities_is_shown_and_not_expanded(tmp_path):
    bomb = b'<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>'
    exchange = http("primary", "cms", "GET", "/", 200, response_body=bomb)

    page = render(one_exchange(tmp_path, exchange), sample_catalogue())

    assert PageData(page).messages("s1", "X1")[1].endswith("<a>&b;&c;</a>")


def test_line_break_in_a_header_field_starts_no_line(tmp_path):
    fields = (("X-Odd", "one\nX-Forged: two"),)
    exchange = http("primary", "cms", "GET", "/", 200, headers=fields)

    page = render(one_exchange(tmp_path, exchange), sample_catalogue())

    assert PageData(page).messages("s1", "X1")[0] == "GET /\nX-Odd: one␊X-Forged: two"


def test_same_body_is_told_once_in_a_scenario(tmp_path):
    body = b"<same>" + b"x" * 300 + b"</same>"
    exchange = http("primary", "cms", "GET", "/", 200, response_body=body)

    data = PageData(render(one_exchange(tmp_path, exchange, exchange), sample_catalogue()))

    assert len(data.chunk("s1")["bodies"]) == 1
    assert data.exchange("s1", "X2")["messages"][1][1:] == [-1, "X1"]


def test_large_campaign_stays_under_5_megabytes(tmp_path):
    results = read_results(write_large(tmp_path / "large"))

    write_html(results, sample_catalogue(), tmp_path / "report.html")

    assert (tmp_path / "report.html").stat().st_size < 5_000_000
    assert sum(len(one.exchanges) for one in results.scenarios) == 8_000


def test_messages_that_no_check_looked_at_are_named_until_the_page_fits(tmp_path):
    results = read_results(write_large(tmp_path, scenarios=21, exchanges=10))
    whole = render(results, sample_catalogue())

    page = render(results, sample_catalogue(), largest=len(whole) - 5_000)

    def named(told: str, scenario: str) -> list[str]:
        exchanges = PageData(told).scenario(scenario)["exchanges"]
        return [one["name"] for one in exchanges if one.get("brief")]

    passed = next(f"s{at}" for at, one in enumerate(results.scenarios, 1) if not one.findings)
    failed = next(f"s{at}" for at, one in enumerate(results.scenarios, 1) if one.findings)
    assert len(page) < len(whole)
    assert named(whole, passed) == []
    assert len(named(page, passed)) > 5
    assert named(page, failed) == []
    assert all(one["told"] for one in PageData(page).scenario(passed)["exchanges"])


def test_bodies_are_cut_shorter_where_the_page_still_does_not_fit(tmp_path):
    results = read_results(write_large(tmp_path, scenarios=21, exchanges=10))
    failed = next(f"s{at}" for at, one in enumerate(results.scenarios, 1) if one.findings)

    def cut(told: str) -> list[str]:
        return [note for note in PageData(told).notes(failed) if "only the first" in note]

    assert cut(render(results, sample_catalogue())) == []
    assert len(cut(render(results, sample_catalogue(), largest=1))) > 5


def test_data_of_scenarios_that_failed_need_nothing_of_the_browser(tmp_path):
    results = read_results(write_large(tmp_path, scenarios=21, exchanges=30))

    tree = html.document_fromstring(page := render(results, sample_catalogue()))

    plain = {one.get("id") for one in tree.find_class("chunk") if one.get("type").endswith("json")}
    places = PageData(page).places
    failed = [f"s{at}" for at, one in enumerate(results.scenarios, 1) if one.findings]
    assert {places[name] for name in failed} == plain == {"c0"}
    assert len(set(places.values())) > 1


def test_page_is_the_same_for_the_same_record(sample, page):
    assert unpacked(render(sample, sample_catalogue())) == unpacked(page)


def test_packed_page_has_the_same_data(sample, data, monkeypatch):
    monkeypatch.setattr("reports.html.PLAIN_ROOM", 1)

    page = render(sample, sample_catalogue())

    assert PageData(page).places["s5"] == "c1"
    assert PageData(page).messages("s5", "X18") == data.messages("s5", "X18")
    assert PageData(page).scenario("s2")["findings"] == data.scenario("s2")["findings"]
    assert "application/octet-stream" not in unpacked(page)


@pytest.mark.parametrize("data", [b"not packed", zlib.compress(b"A" * 2_000)])
def test_page_of_a_stranger_unpacks_to_no_more_than_a_report_has(data, monkeypatch):
    monkeypatch.setattr("reports.html.LARGEST_DATA", 1_000)
    text = base64.b64encode(data).decode()
    page = f'<script type="application/octet-stream" class="chunk" id="lines">{text}</script>'

    with pytest.raises(ValueError, match="the data of the page"):
        unpacked(page)


def test_number_one_is_not_told_as_yes(tree):
    (told,) = tree.xpath("//dt[text()='clock scale']/following-sibling::dd[1]")

    assert text_of(told) == "1.0"
