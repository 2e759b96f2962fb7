"""The order of a migration: each rule of the table, and the picture that is made of it."""

from typing import Any

from muster import procedure
from muster.checks import sequence
from muster.evidence import Exchange, HttpExchange, SipExchange
from muster.protocol.oidc import GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE
from muster.suite import suite_root
from tests.checks.exchanges import (
    GROUPS,
    PROFILE,
    Case,
    cases,
    http,
    post_form,
    publish,
    read,
    register,
)

VISITOR = "sip:visitor@partner.example"
FIVE = f"org.3gpp.mcptt.user-profile/users/{VISITOR}/mcptt-user-profile-5.xml"
JOINT = f"{GROUPS}/byGroupID/sip:joint@partner.example"
source = read(PROFILE, "P1", at=1.0)


def exchange(status: int = 200, at: float = 10.0) -> HttpExchange:
    return post_form({"grant_type": GRANT_TOKEN_EXCHANGE}, name="E", status=status, at=at)


def bearer(status: int = 200, at: float = 20.0) -> HttpExchange:
    form = {"grant_type": GRANT_JWT_BEARER}
    return post_form(form, name="T", system="partner", status=status, at=at)


def registration(status: int = 200, at: float = 30.0) -> SipExchange:
    return register(name="R", system="partner", to=VISITOR, statuses=(status,), at=at)


def profile(status: int = 200, at: float = 40.0) -> HttpExchange:
    return read(FIVE, "F", system="partner", status=status, at=at)


def group(status: int = 200, at: float = 50.0) -> HttpExchange:
    return read(JOINT, "G", system="partner", server="gms", status=status, at=at)


def asking(at: float = 60.0) -> SipExchange:
    return publish(name="A", system="partner", at=at)


IN_REGISTRATION = SipExchange(**{**vars(asking()), "method": "REGISTER", "name": "R"})
WHOLE: list[Exchange] = [exchange(), bearer(), registration(), profile(), group(), asking()]


def seen(*exchanges: Exchange) -> tuple[Any, ...]:
    return source, list(exchanges), "partner"


CHECKS = (
    sequence.token_follows_exchange,
    sequence.configuration_follows_token,
    sequence.profiles_follow_registration,
    sequence.groups_follow_profiles,
    sequence.authorisation_follows_registration_there,
    sequence.authorisation_follows_profiles,
)
NEVER = "that never succeeded"
TITLE = {step.key: step.title for step in procedure.STEPS}

ACCEPTED = (
    *(Case(f"whole migration: {one.name}", one, seen(*WHOLE)) for one in CHECKS),  # type: ignore[attr-defined]
    *(Case(f"nothing at all: {one.name}", one, seen()) for one in CHECKS),  # type: ignore[attr-defined]
    Case(
        "groups before authorisation",
        sequence.authorisation_follows_groups,
        (*seen(*WHOLE), [JOINT]),
    ),
    Case(
        "authorisation that is never asked for",
        sequence.authorisation_follows_groups,
        (*seen(*WHOLE[:4]), [JOINT]),
    ),
    Case(
        "authorisation in the registration",
        sequence.authorisation_follows_registration_there,
        seen(IN_REGISTRATION),
    ),
    Case(
        "profile as soon as the registration was over",
        sequence.profiles_follow_registration,
        seen(registration(at=39.0), profile()),
    ),
    Case(
        "authorisation asked for",
        sequence.authorisation_follows_configuration,
        (profile(), WHOLE, "partner"),
    ),
)
REPORTED = (
    Case(
        "token asked for after a refused exchange",
        sequence.token_follows_exchange,
        seen(exchange(400), bearer()),
        (("TS33180-C.2-02", f"after: {TITLE['exchange']}", NEVER, "T"),),
    ),
    Case(
        "configuration without a token",
        sequence.configuration_follows_token,
        seen(bearer(400), profile()),
        (("TS23280-10.1.1.2-18", f"after: {TITLE['token']}", NEVER, "F"),),
    ),
    Case(
        "profile before the registration was over",
        sequence.profiles_follow_registration,
        seen(registration(at=39.5), profile()),
        (
            (
                "TS23280-10.1.1.2-22",
                f"after: {TITLE['registration']}",
                "began before [R] was over",
                "F",
            ),
        ),
    ),
    Case(
        "groups without a profile",
        sequence.groups_follow_profiles,
        seen(profile(503), group()),
        (("TS23280-10.1.1.2-28", f"after: {TITLE['profiles']}", NEVER, "G"),),
    ),
    Case(
        "authorisation after a refused registration",
        sequence.authorisation_follows_registration_there,
        seen(registration(403), asking()),
        (("TS33180-5.1.1-02", f"after: {TITLE['registration']}", NEVER, "A"),),
    ),
    Case(
        "authorisation beside the registration that asks for it too",
        sequence.authorisation_follows_registration_there,
        seen(IN_REGISTRATION, asking(at=60.5)),
        (
            (
                "TS33180-5.1.1-02",
                f"after: {TITLE['registration']}",
                "began before [R] was over",
                "A",
            ),
        ),
    ),
    Case(
        "authorisation without a profile",
        sequence.authorisation_follows_profiles,
        seen(profile(404), asking()),
        (("TS23280-10.1.1.2-29", f"after: {TITLE['profiles']}", NEVER, "A"),),
    ),
    Case(
        "authorisation before a group",
        sequence.authorisation_follows_groups,
        (*seen(asking(), group(at=70.0)), [JOINT]),
        (("TS23280-10.1.1.2-30", f"after {JOINT} was obtained", "before it", "A"),),
    ),
    Case(
        "authorisation not asked for",
        sequence.authorisation_follows_configuration,
        (profile(), [profile()], "partner"),
        (
            (
                "TS23280-10.1.1.2-31",
                "service authorisation asked of the partner",
                "not asked",
                "F",
            ),
        ),
    ),
)


@cases(*ACCEPTED, *REPORTED)
def test_order(case: Case) -> None:
    case.judge()


def test_what_another_system_is_asked_is_no_step_of_the_migration() -> None:
    elsewhere = http("/as/token", "X", "POST", system="neighbour", server="idms")

    assert procedure.asked("token", [elsewhere], "partner") == []


def test_rules_name_steps_of_the_table() -> None:
    keys = {step.key for step in (*procedure.STEPS, procedure.CONFIGURATION)}

    assert {key for rule in procedure.RULES for key in (rule.later, rule.earlier)} <= keys
    assert all(procedure.step_named(key).key == key for key in keys)


def test_picture_in_the_documentation_is_made_of_the_table() -> None:
    page = (suite_root() / "docs" / "migration.md").read_text(encoding="utf-8")

    assert procedure.picture() in page
