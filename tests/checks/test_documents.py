"""Checks of the retrieval of configuration documents."""

from typing import Any

from muster.checks import documents
from muster.evidence import HttpExchange
from tests.checks.exchanges import (
    ALICE,
    GROUP,
    OTHER_PROFILE,
    PROFILE,
    UE_CONFIGURATION,
    WINDOW,
    Case,
    cases,
    http,
    notify,
    post_form,
    read,
    read_group,
    token,
)

BOB = "sip:bob@primary.example"
OF_BOB = PROFILE.replace(ALICE, BOB)
OF_MCVIDEO = "org.3gpp.mcvideo.user-profile/users/sip:alice-video@primary.example/p.xml"
DIRECTORY = PROFILE.rpartition("/")[0]
TOLD = notify({PROFILE: "v1"})
BEARER = (("Authorization", "Bearer masked"),)
ROOT = "https://cms.primary.example:8444/moved"
OLD = token()
NEW = token("access", scopes=("3gpp:mc:ptt_config_management_service",))
RENEWED = post_form({"grant_type": "refresh_token"}, name="X5", at=20.0)
own = documents.asks_only_for_own_documents
terminal = documents.asks_for_no_other_terminal
asked = documents.ue_configuration_is_asked_for
home = documents.profiles_are_asked_of_the_own_system
every = documents.every_profile_is_obtained
named = documents.profiles_have_their_names
below = documents.documents_are_below_the_announced_root
carries = documents.each_request_carries_authorization
scoped = documents.token_is_scoped_for_configuration
renewed = documents.renewed_token_is_shown
missing = documents.missing_document_is_let_be
refusal = documents.refusal_is_taken
condition = documents.condition_names_a_version_that_was_received
goes_on = documents.goes_on_with_what_it_holds


def conditional(tag: str, selector: str = PROFILE, name: str = "X9", **more: Any) -> HttpExchange:
    headers = (("If-None-Match", tag),)
    return read(selector, name, **{"headers": headers, "status": 304, "at": 30.0, **more})


def refused(status: int, times: int, selector: str = PROFILE) -> list[HttpExchange]:
    return [read(selector, f"X{number}", status=status) for number in range(times)]


HELD = read(PROFILE, etag='"a,b"')
WEAK = read(PROFILE, etag='W/"a"')

ACCEPTED = (
    Case(
        "own documents, groups and documents of another service",
        own,
        (TOLD, [read(PROFILE), read_group(), read(OF_MCVIDEO)], ALICE, WINDOW),
    ),
    Case(
        "own documents of MCVideo, and documents of MCPTT",
        own,
        (TOLD, [read(PROFILE), read(OF_MCVIDEO)], OF_MCVIDEO.split("/")[2], WINDOW, "mcvideo"),
    ),
    Case(
        "own terminal and its directory",
        terminal,
        (
            TOLD,
            [
                read(UE_CONFIGURATION),
                read(f"{UE_CONFIGURATION}/~~/x"),
                read(UE_CONFIGURATION.rpartition("/")[0] + "/"),
            ],
            UE_CONFIGURATION,
            WINDOW,
        ),
    ),
    Case("UE configuration asked for", asked, (TOLD, [read(UE_CONFIGURATION)], UE_CONFIGURATION)),
    Case("profile asked at home", home, ([read(PROFILE)], "primary")),
    Case("other documents asked elsewhere", home, ([read(GROUP, server="gms")], "primary")),
    Case("each profile", every, (TOLD, [read(PROFILE)], [PROFILE])),
    Case("whole directory", every, (TOLD, [read(DIRECTORY + "/")], [PROFILE, OTHER_PROFILE])),
    Case("no profile to be had", every, (TOLD, [], [])),
    Case("names with an index", named, ([read(PROFILE), read(DIRECTORY), read(GROUP)],)),
    Case("below the other root", below, (TOLD, [read(PROFILE, root="/moved")], ROOT)),
    Case("bearer token", carries, ([read(PROFILE, headers=BEARER)],)),
    Case(
        "scheme in lower case",
        carries,
        ([read(PROFILE, headers=(("authorization", "bearer masked"),))],),
    ),
    Case("scope for configuration", scoped, ([read(PROFILE, tokens=(NEW,))],)),
    Case("no token, and tokens of others", scoped, ([http("/x"), http("/y", tokens=())],)),
    Case(
        "new token after the renewal, old one before",
        renewed,
        (
            RENEWED,
            [
                read(PROFILE, tokens=(OLD,), at=15.0),
                read(PROFILE, tokens=(token("other"),), at=30.0),
            ],
            read(PROFILE, tokens=(OLD,), status=401),
        ),
    ),
    Case("a few tries", missing, (refused(404, 10), WINDOW)),
    Case(
        "many documents, each missing once",
        missing,
        ([*refused(404, 4), *refused(404, 4, OTHER_PROFILE)], WINDOW),
    ),
    Case(
        "a few refusals, and other answers", refusal, ([*refused(403, 3), *refused(404, 9)], WINDOW)
    ),
    Case("version as received", condition, ([HELD, conditional('"a,b"')], [])),
    Case("weak version as received", condition, ([WEAK, conditional('W/"a"')], [])),
    Case(
        "several versions",
        condition,
        ([HELD, read(PROFILE, "X2", etag='"c"', at=12.0), conditional('"a,b", "c"')], []),
    ),
    Case("version that a NOTIFY named", condition, ([conditional('"v1"')], [TOLD])),
    Case("no condition", condition, ([HELD, read(PROFILE, at=30.0)], [])),
    Case("goes on", goes_on, ([conditional('"a"')], [read(GROUP)], [GROUP])),
    Case("without condition", goes_on, ([read(PROFILE)], [], [GROUP])),
)

REPORTED = (
    Case(
        "profile of another user",
        own,
        (TOLD, [read(PROFILE), read(OF_BOB, "X2")], ALICE, WINDOW),
        (("TS24484-6.3.3-05", f"documents of {ALICE}", f"one of {BOB}", "X2"),),
    ),
    Case(
        "another terminal",
        terminal,
        (TOLD, [read(UE_CONFIGURATION + "-spare", "X2")], UE_CONFIGURATION, WINDOW),
        (("TS24484-8.2.1A-51", "ue-1", "ue-1-spare", "X2"),),
    ),
    Case(
        "UE configuration not asked for",
        asked,
        (TOLD, [read(PROFILE)], UE_CONFIGURATION),
        (("TS23280-10.1.3.2-01", f"a request for {UE_CONFIGURATION}", "none", "N1"),),
    ),
    Case(
        "profile asked of the partner",
        home,
        ([read(PROFILE, system="partner")], "primary"),
        (
            (
                "TS23280-10.1.4.3.1-01",
                "the configuration server of primary",
                "the cms server of partner",
                "X1",
            ),
        ),
    ),
    Case(
        "profile refused",
        every,
        (TOLD, [read(PROFILE, status=403)], [PROFILE]),
        (("TS23280-10.1.1.1-12", f"{PROFILE} obtained", "not obtained", "N1"),),
    ),
    Case(
        "name without index",
        named,
        ([read(f"{DIRECTORY}/mcptt-user-profile")],),
        (
            (
                "TS24484-8.3.1A-52",
                "mcptt-user-profile-<INDEX>.xml",
                "mcptt-user-profile",
                "X1",
            ),
        ),
    ),
    Case(
        "below the configured root",
        below,
        (TOLD, [read(PROFILE)], ROOT),
        (("TS24484-6.3.13.2.2-14", f"/moved/{PROFILE}", f"/root/{PROFILE}", "N1"),),
    ),
    Case(
        "below a part of the other root",
        below,
        (TOLD, [read(PROFILE, root="/moved")], ROOT + "/again/"),
        (("TS24484-6.3.13.2.2-14", f"/moved/again/{PROFILE}", f"/moved/{PROFILE}", "N1"),),
    ),
    Case(
        "announced and not asked for",
        below,
        (TOLD, [], ROOT),
        (("TS24484-6.3.13.2.2-14", f"/moved/{PROFILE}", "not asked for", "N1"),),
    ),
    Case(
        "no Authorization",
        carries,
        ([read(PROFILE)],),
        (("TS24484-6.2.2-02", "Authorization: Bearer", "none", "X1"),),
    ),
    Case(
        "scope for keys",
        scoped,
        ([read(PROFILE)],),
        (
            (
                "TS33180-5.1.3.1-07",
                "a scope that ends in config_management_service",
                "openid 3gpp:mc:ptt_key_management_service",
                "X1",
            ),
        ),
    ),
    Case(
        "old token after the renewal",
        renewed,
        (
            RENEWED,
            [read(PROFILE, tokens=(OLD,), at=30.0)],
            read(PROFILE, "X2", tokens=(OLD,), status=401),
        ),
        (("TS33180-B.5.3-01", "the renewed token", "the access token of primary", "X1"),),
    ),
    Case(
        "missing and asked for again and again",
        missing,
        (refused(404, 11), WINDOW),
        (("RFC9110-15.5.5-01", f"GET /root/{PROFILE} at most 10 times", "11 times", "X10"),),
    ),
    Case(
        "refused again and again",
        refusal,
        (refused(401, 12), WINDOW),
        (("TS24482-A.2.3-04", f"GET /root/{PROFILE} at most 10 times", "12 times", "X11"),),
    ),
    Case(
        "forbidden again and again",
        refusal,
        (refused(403, 11), WINDOW),
        (("TS24482-A.2.3-04", f"GET /root/{PROFILE} at most 10 times", "11 times", "X10"),),
    ),
    Case(
        "version without quotes",
        condition,
        ([HELD, conditional("a,b")], []),
        (("RFC9110-8.8.3-01", '"a,b"', "a,b", "X9"),),
    ),
    Case(
        "version without the weak mark",
        condition,
        ([WEAK, conditional('"a"')], []),
        (("RFC9110-8.8.3-01", 'W/"a"', '"a"', "X9"),),
    ),
    Case(
        "version of another document",
        condition,
        ([HELD, read(OTHER_PROFILE, "X2", etag='"z"'), conditional('"z"')], []),
        (("RFC9110-13.1.2-01", '"a,b"', '"z"', "X9"),),
    ),
    Case(
        "version that is held, and another",
        condition,
        ([HELD, conditional('"a,b", "q"')], []),
        (("RFC9110-13.1.2-01", '"a,b"', '"q"', "X9"),),
    ),
    Case(
        "any version, while none is held",
        condition,
        ([conditional("*")], []),
        (("RFC9110-13.1.2-01", "no condition: no version is held", "*", "X9"),),
    ),
    Case(
        "stops at Not Modified",
        goes_on,
        ([conditional('"a"')], [], [GROUP]),
        (("TS24484-6.3.3-03", f"{GROUP} obtained", "not obtained", "X9"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
