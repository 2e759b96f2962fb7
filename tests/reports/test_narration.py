"""Messages, scenarios and migrations told in plain words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from muster.evidence import Exchange, Finding, HttpExchange, Window
from muster.procedure import STEPS
from muster.protocol.oidc import GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE
from muster.results import ScenarioResult, Step, Stimulus
from muster.seen import Connection, Seen
from muster.verdicts import Verdict
from reports.narration import migration_step, told
from reports.order import ladders
from reports.story import AFTERWARDS, Chapter, Line, story
from tests.reports.sample import ALICE_ABROAD, PARTNER_ACCESS, PROFILE, http, sip

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def form(system: str, body: str, status: int = 200, **more: Any) -> HttpExchange:
    return http(system, "idms", "POST", "/token", status, headers=FORM, body=body.encode(), **more)


def get(system: str, server: str, path: str, status: int = 200, **more: Any) -> HttpExchange:
    return http(system, server, "GET", path, status, **more)


PROFILES = "/r/org.3gpp.mcptt.user-profile/users/x"
GROUP = "/r/org.openmobilealliance.groups/global/byGroupID/sip:joint@partner.example"
TOKEN_BODY = b"<mcptt-access-token type='Normal'>masked</mcptt-access-token>"
INDEX_BODY = b"<user-profile-index>7</user-profile-index>"

TAKEN: tuple[Exchange, ...] = (
    form("primary", f"grant_type={GRANT_TOKEN_EXCHANGE}", name="X1"),
    form("partner", f"grant_type={GRANT_JWT_BEARER}", name="X2", tokens=(PARTNER_ACCESS,)),
    sip("partner", "REGISTER", "sip:partner.example", 200, name="X3"),
    get("partner", "cms", f"{PROFILES}/mcptt-user-profile-7.xml", name="X4"),
    get("partner", "gms", GROUP, name="X5"),
    sip("partner", "PUBLISH", "sip:mcptt@partner.example", 200, body=TOKEN_BODY, name="X6"),
)


@pytest.mark.parametrize(
    ("exchange", "sentence"),
    [
        (
            get("primary", "bootstrap", "/b"),
            "The terminal fetches its initial configuration: where the servers of the primary"
            " system are.",
        ),
        (
            get("primary", "cms", f"{PROFILES}/mcptt-user-profile-1.xml", 304),
            "The terminal fetches the user profile 1 from the configuration server of the primary"
            " system. Nothing has changed since the terminal last had it.",
        ),
        (
            get("partner", "cms", f"{PROFILES}/mcptt-user-profile-1.xml", 403),
            "The terminal fetches the user profile 1 from the configuration server of the partner"
            " system. This is refused (403).",
        ),
        (
            get("partner", "former-cms", "/somewhere"),
            "The terminal sends GET to the configuration server of the partner system (at its"
            " former address).",
        ),
        (
            get("partner", "gms", GROUP, 401),
            "The terminal fetches the group joint from the group server of the partner system."
            " The token is not accepted (401).",
        ),
        (
            form("primary", "username=alice&password=masked"),
            "The user's name and password go to the identity server of the primary system, which"
            " answers with a code.",
        ),
        (
            sip("partner", "REGISTER", "sip:p", None),
            "The terminal registers with the SIP core of the partner system. No answer came.",
        ),
        (
            sip("partner", "REGISTER", "sip:p", 200, headers=(("Expires", "0"),)),
            "The terminal ends its registration with the SIP core of the partner system.",
        ),
        (
            sip("partner", "PUBLISH", "sip:p", 200, body=TOKEN_BODY + INDEX_BODY),
            "The terminal asks the partner system for service, and shows its access token. Its"
            " user profile 7 is to be in use.",
        ),
        (
            sip("partner", "PUBLISH", "sip:p", 200, body=INDEX_BODY),
            "The terminal tells the partner system its settings. Its user profile 7 is to be in"
            " use.",
        ),
        (
            sip("primary", "PUBLISH", "sip:p", 200, headers=(("Expires", "0"),)),
            "The terminal ends its service with the primary system.",
        ),
        (
            sip("primary", "SUBSCRIBE", "sip:gms-1@p", 200),
            "The terminal asks the primary system to name the group documents of its user, and to"
            " tell when one changes.",
        ),
        (
            sip("primary", "NOTIFY", "sip:ue", 200, direction="to_ue", body=b"<document sel='a'/>"),
            "The primary system names one document, with its version.",
        ),
        (
            sip(
                "primary",
                "NOTIFY",
                "sip:ue",
                200,
                direction="to_ue",
                body=b"<document /><document />",
            ),
            "The primary system names 2 documents, each with its version.",
        ),
        (
            sip("primary", "OPTIONS", "sip:ue", 200, direction="to_ue"),
            "The primary system sends the terminal OPTIONS.",
        ),
    ],
)
def test_message_is_told(exchange: Exchange, sentence: str) -> None:
    assert told(exchange) == sentence


def test_name_of_a_profile_is_told() -> None:
    body = PROFILE.replace("<Status>", "<ProfileName>Night watch</ProfileName><Status>").encode()
    exchange = get("partner", "cms", f"{PROFILES}/mcptt-user-profile-9.xml", response_body=body)

    assert 'the user profile 9 "Night watch" from' in told(exchange)


def test_each_step_of_a_migration_is_known_by_its_message() -> None:
    assert [migration_step(exchange) for exchange in TAKEN] == [1, 2, 3, 4, 5, 6]
    assert migration_step(replace(TAKEN[3], system="primary")) == 0


# Scenarios ---------------------------------------------------------------------------------------

MIGRATES = Stimulus("migrate", ["mcptt", ALICE_ABROAD, 1], "done", "", 10.0, 20.0)  # type: ignore[arg-type]


def at(time: float, exchange: Exchange) -> Exchange:
    return replace(exchange, started=time, ended=time + 0.5)


def scenario(*events: Seen, findings: tuple[Finding, ...] = ()) -> ScenarioResult:
    steps = (Step(0, "When", "Alice migrates", 3, "passed"),)
    return ScenarioResult(
        "migration/x.feature:1", "t", "migration/x.feature", "f", "migration", 1, (), (), "mcptt",
        Verdict.PASS, "", "", findings, 0.1, 1.0, steps, tuple(events), "w",
    )  # fmt: skip


def migration(*exchanges: Exchange, findings: tuple[Finding, ...] = ()) -> ScenarioResult:
    messages = [at(11.0 + number, one) for number, one in enumerate(exchanges)]
    return scenario(
        *(Seen(one.ended, 0, one) for one in messages),
        Seen(20.0, 0, MIGRATES),
        findings=findings,
    )


def test_choice_of_the_user_stands_before_what_it_caused() -> None:
    chapters = story(migration(TAKEN[1]))

    assert [(chapter.keyword, chapter.text) for chapter in chapters] == [("When", "Alice migrates")]
    assert [(line.kind, line.exchange, line.step) for line in chapters[0].lines] == [
        ("act", "", 0),
        ("message", "X2", 2),
    ]
    assert chapters[0].lines[0].text == (
        "The user chooses to be served by the partner system, as profile 1 allows."
    )


def test_answer_of_a_terminal_that_refuses_is_told() -> None:
    refused = replace(MIGRATES, operation="return_home", answer="refused", reason="not migrated")
    (chapter,) = story(scenario(Seen(20.0, 0, refused)))

    assert chapter.lines == (
        Line(
            "act",
            10.0,
            "The user returns to the primary system.",
        ),
        Line("act", 20.0, "The terminal answers: refused, not migrated.", tone="refused"),
    )


def test_network_that_serves_the_terminal_is_told() -> None:
    entered = replace(MIGRATES, operation="enter_network", arguments=["00102"])  # type: ignore[arg-type]
    (chapter,) = story(scenario(Seen(20.0, 0, entered)))

    assert [line.text for line in chapter.lines] == [
        "The terminal comes into the network with the code 00102."
    ]


def test_broken_handshake_and_waiting_are_told() -> None:
    failed = Connection("partner", "cms", "c1", "tls-failed", {})
    (chapter,) = story(
        scenario(Seen(1.0, 0, failed), Seen(3.0, 0, Window(1.0, 3.0, 1.0, "the user migrated")))
    )

    assert [line.text for line in chapter.lines] == [
        "The terminal broke off: it does not trust the certificate of the configuration server of"
        " the partner system.",
        "Nothing is asked of the terminal for a while: the user migrated.",
    ]


def test_what_follows_the_last_check_stands_apart(sample: Any) -> None:
    chosen = next(s for s in sample.scenarios if s.title == "Alice migrates to the partner system")
    late = Seen(99.0, chosen.events[-1].step, at(99.0, TAKEN[2]))

    last = story(replace(chosen, events=(*chosen.events, late)))[-1]

    assert last == Chapter("", AFTERWARDS, last.lines)
    assert [line.exchange for line in last.lines] == ["X3"]


def test_ladder_has_a_rung_for_each_step_of_the_table() -> None:
    (ladder,) = ladders(migration(*TAKEN))

    assert ladder.partner == "partner"
    assert [(rung.title, rung.exchange, rung.outcome) for rung in ladder.rungs] == [
        (step.title, f"X{number}", "done") for number, step in enumerate(STEPS, start=1)
    ]
    assert ladder.rungs[5].needs == ("registration", "user profiles", "groups of the profile")
    assert not any(rung.departs for rung in ladder.rungs)


def test_ladder_shows_where_a_migration_ended() -> None:
    refused = replace(TAKEN[1], status=400)
    (ladder,) = ladders(migration(TAKEN[0], refused))

    assert [rung.outcome for rung in ladder.rungs] == ["done", "refused", *["not seen"] * 4]


def test_step_that_came_too_early_is_marked() -> None:
    early = Finding("TS23280-10.1.1.2-30", "after the groups", "before", "X6")
    (ladder,) = ladders(migration(*TAKEN, findings=(early,)))

    assert [rung.number for rung in ladder.rungs if rung.departs] == [6]


def test_choice_that_nothing_came_of_has_no_ladder() -> None:
    assert ladders(migration()) == ()
