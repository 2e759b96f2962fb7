"""How checks read bodies and paths: every spelling that the texts allow is one."""

from collections.abc import Iterator

import pytest

from muster.checks import reading
from muster.documents.schemas import SchemaSet, own_schemas
from muster.protocol.sip.multipart import Part
from tests.checks.exchanges import (
    GROUP,
    GROUPS,
    PROFILE,
    UNKNOWN_TOKEN,
    WINDOW,
    info,
    notify,
    publish,
    read,
    register,
    settings,
    sip,
    subscribe,
    token,
)


@pytest.mark.parametrize("text", ["5", "05", "+5", " 5 ", "<!-- five -->5"])
def test_profile_index_is_read_as_a_number(text: str) -> None:
    assert reading.profile_index(publish([settings(text)])) == "5"


@pytest.mark.parametrize(("text", "index"), [("0", "0"), ("00", "0"), ("", ""), ("x", "x")])
def test_other_profile_index_stays_as_it_is(text: str, index: str) -> None:
    assert reading.profile_index(publish([settings(text)])) == index


def test_settings_without_index_name_no_profile() -> None:
    assert reading.profile_index(publish([settings(None)])) is None
    assert reading.profile_index(register()) is None


@pytest.mark.parametrize(
    "path",
    [
        GROUP,
        GROUP.replace("sip:", "sip%3A"),
        GROUP.replace("byGroupID", "byGroup"),
        f"{GROUP}/~~/g",
    ],
)
def test_document_is_recognised_under_each_spelling(path: str) -> None:
    assert reading.names_document(read(path), GROUP)


@pytest.mark.parametrize("path", [GROUP + "x", f"{GROUPS}/byGroupID", "x" + GROUP, PROFILE])
def test_other_document_is_not_taken_for_it(path: str) -> None:
    assert not reading.names_document(read(path), GROUP)


def test_body_that_cannot_be_taken_apart_has_no_parts() -> None:
    broken = sip("PUBLISH", headers=(("Content-Type", "multipart/mixed"),))

    assert (reading.parts(broken), reading.subscribed(broken)) == ([], [])


def test_single_body_is_its_own_part() -> None:
    exchange = sip("PUBLISH", headers=(("Content-Type", "Application/POC-settings+xml;x=y"),))

    assert reading.part_of_type(exchange, reading.SETTINGS_TYPE) is not None


def test_broken_xml_says_nothing() -> None:
    exchange = publish(
        [Part(reading.SETTINGS_TYPE, b"<poc"), Part(reading.RESOURCE_LISTS_TYPE, b"")]
    )

    assert reading.profile_index(exchange) is None
    assert reading.subscribed(exchange) == []


def test_notification_announces_versions_and_removals() -> None:
    announced = reading.announced(notify({"a/b%40c": "v1", "/d": ""}))

    assert announced == {"a/b@c": "v1", "d": ""}


def test_information_is_the_text_of_the_typed_child() -> None:
    exchange = publish([info(("mcptt-client-id", " urn:uuid:1 "))])

    assert reading.info_value(exchange, "mcptt-client-id") == "urn:uuid:1"
    assert reading.info_value(exchange, "mcptt-access-token") is None


@pytest.mark.parametrize(
    ("event", "entries", "concerns"),
    [
        ("xcap-diff", ["org.3gpp.mcptt.ue-config/users/a/b"], True),
        ("ua-profile", ["org.3gpp.mcptt.user-profile/users/a/"], True),
        ("xcap-diff;diff-processing=aggregate", [], True),
        ("xcap-diff;diff-processing=aggregate;id=7", [], True),
        ("xcap-diff", [], True),
        ("xcap-diff", [GROUP], False),
        ("reg", [], False),
        ("poc-settings", [], False),
    ],
)
def test_subscription_to_configuration_is_told_from_others(
    event: str, entries: list[str], concerns: bool
) -> None:
    found = reading.concerns_configuration(subscribe(*entries, fields={"Event": event}))

    assert found is concerns


def test_addresses_differ_in_user_and_host_only() -> None:
    assert reading.address("sip:A@Example:5060;lr") == "sip:a@example"
    assert reading.address("sip:b@example") != reading.address("sip:a@example")


def test_tokens_are_told_for_people() -> None:
    told = [reading.told(use) for use in (None, UNKNOWN_TOKEN, token("refresh", "partner"))]

    assert told == [
        "no token",
        "a token that nobody here issued",
        "the refresh token of partner",
    ]


def test_first_is_the_one_that_started_first() -> None:
    later, earlier = read(PROFILE, at=WINDOW.ends), read(PROFILE, at=WINDOW.begins)

    assert reading.first_of([later, earlier]) is earlier
    assert reading.first_of([]) is None


def test_served_requests_got_a_document_or_not_modified() -> None:
    requests = [read(PROFILE, status=status) for status in (200, 304, 404, None)]

    assert list(reading.served(requests)) == requests[:2]


BODY = info(("mcptt-client-id", "urn:uuid:1")).body


@pytest.fixture
def own_again() -> Iterator[None]:
    yield
    reading.use_schemas(own_schemas())


@pytest.mark.usefixtures("own_again")
def test_schemas_of_a_laboratory_decide() -> None:
    assert reading.schema_problems(BODY) == []

    reading.use_schemas(SchemaSet({}, identity="a laboratory that knows no namespace"))

    [problem] = reading.schema_problems(BODY)
    assert "mcpttInfo" in problem


def test_three_problems_of_a_body_are_told() -> None:
    broken = info(*[("mcptt-client-id", "x")] * 5, kind=' type="No"').body

    told = reading.schema_problems(broken)

    assert [line.partition(": ")[0] for line in told] == [
        f"line 1 /mcpttinfo/mcptt-Params/mcptt-client-id[{number}]" for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("to", "identity"),
    [
        ("<sip:a@primary.example>;tag=1", "sip:a@primary.example"),
        ('"A" <sip:a@primary.example:5060>', "sip:a@primary.example"),
        ("sip:a@primary.example", "sip:a@primary.example"),
    ],
)
def test_registered_identity_is_read_with_and_without_brackets(to: str, identity: str) -> None:
    assert reading.registered_identity(sip("REGISTER", headers=(("To", to),))) == identity


@pytest.mark.parametrize(("event", "aliases"), [("presence;id=7", ["urn:a"]), ("reg", [])])
def test_aliases_are_those_of_a_publication_of_presence(event: str, aliases: list[str]) -> None:
    active = '<functionalAlias functionalAliasID="urn:a"/>'
    body = f'<presence xmlns="urn:ietf:params:xml:ns:pidf">{active}</presence>'.encode()
    made = publish([Part("application/pidf+xml", body)], fields={"Event": event})

    assert reading.activated_aliases(made) == aliases


def test_collection_is_announced_under_the_name_of_the_groups() -> None:
    by_name = GROUP.replace("/byGroupID/", "/byGroup/")

    assert reading.announced(notify({by_name: "v1"})) == {GROUP: "v1"}
