"""Checks of profile selection."""

from dataclasses import replace

import pytest

from muster.checks import profiles
from tests.checks.exchanges import (
    AUTHORISING,
    GROUP,
    INSTANCE,
    PROFILE,
    WINDOW,
    Case,
    cases,
    info,
    notify,
    publish,
    read,
    read_group,
    settings,
)

everywhere = profiles.pre_selected_profile_is_active_wherever_it_stands
moved = profiles.moved_mark_holds_at_the_next_authorisation
stays = profiles.moved_mark_leaves_the_active_profile
again = profiles.pre_selected_profile_is_active_again
known = profiles.settings_name_a_profile_of_the_user
disabled = profiles.disabled_profile_is_not_made_active
removed = profiles.removed_profile_is_not_used
client = profiles.settings_are_of_the_authorised_client

TOLD = notify({PROFILE: "v2"})
ONE = publish()
OTHER = publish([AUTHORISING, settings("0")], name="S2")
NONE = publish([AUTHORISING, settings(None)], name="S3")
OF_ANOTHER = publish([info(("mcptt-client-id", "urn:uuid:1")), settings("0")], name="S4")
OF_NOBODY = publish([settings("0")], name="S5")

unasked = profiles.nothing_is_updated_unasked
WRITTEN = replace(read(PROFILE), method="PUT")

ACCEPTED = (
    Case("profile read", unasked, (TOLD, [read(PROFILE)], WINDOW)),
    Case("pre-selected index", everywhere, (ONE, [ONE, OTHER], 1)),
    Case("index with leading zeros", everywhere, (ONE, [publish([settings("001")])], 1)),
    Case("the server is left to know", everywhere, (ONE, [NONE], 1)),
    Case("index of an MCData profile", everywhere, (ONE, [ONE], 1, "mcdata")),
    Case("new mark", moved, (TOLD, [OTHER], 0)),
    Case("new mark of MCVideo", moved, (TOLD, [OTHER], 0, "mcvideo")),
    Case("nothing said", stays, (TOLD, [], [], 1, [GROUP], WINDOW)),
    Case("the same said again", stays, (TOLD, [ONE], [], 1, [GROUP], WINDOW)),
    Case("group of the active profile", stays, (TOLD, [], [read_group()], 1, [], WINDOW)),
    Case("mark after a choice", again, (OTHER, [ONE], 1)),
    Case("one of hers", known, (TOLD, [ONE, OTHER, NONE], [0, 1], WINDOW)),
    Case("another than the disabled", disabled, (TOLD, [ONE, NONE], 0, WINDOW)),
    Case("another than the removed", removed, (TOLD, [ONE], 0, WINDOW)),
    Case("same client", client, (ONE, [OTHER])),
)

REPORTED = (
    Case(
        "profile written back",
        unasked,
        (TOLD, [WRITTEN], WINDOW),
        (
            (
                "TS23280-10.1.4.5-01",
                "no change of a user profile",
                f"PUT /root/{PROFILE}",
                "X1",
            ),
        ),
    ),
    Case(
        "another than the pre-selected",
        everywhere,
        (ONE, [OTHER], 1),
        (("TS23280-10.1.1.1-19", "profile index 1", "profile index 0", "S2"),),
    ),
    Case(
        "old mark",
        moved,
        (TOLD, [ONE], 0),
        (("TS23280-10.1.1.1-21", "profile index 0", "profile index 1", "S1"),),
    ),
    Case(
        "new mark made active at once",
        stays,
        (TOLD, [OTHER], [], 1, [], WINDOW),
        (("TS23280-10.1.1.1-22", "profile index 1 as before", "profile index 0", "S2"),),
    ),
    Case(
        "groups of the newly marked profile",
        stays,
        (TOLD, [], [read_group()], 1, [GROUP], WINDOW),
        (
            (
                "TS23280-10.1.1.1-22",
                "no group of the newly marked profile",
                f"/root/{GROUP}",
                "X1",
            ),
        ),
    ),
    Case(
        "choice of before",
        again,
        (OTHER, [OTHER], 1),
        tuple(
            (requirement, "profile index 1", "profile index 0", "S2")
            for requirement in ("TS23280-10.1.1.1-17", "TS24379-7.2.2-05")
        ),
    ),
    Case(
        "profile of nobody",
        known,
        (TOLD, [publish([settings("7")])], [0, 1], WINDOW),
        (("TS24379-7.2.3-05", "one of 0, 1", "profile index 7", "S1"),),
    ),
    Case(
        "disabled profile",
        disabled,
        (TOLD, [OTHER], 0, WINDOW),
        (("TS24484-8.3.2.7-51", "an enabled profile", "profile index 0", "S2"),),
    ),
    Case(
        "removed profile",
        removed,
        (TOLD, [OTHER], 0, WINDOW),
        (("TS24484-6.3.13.2.2-15", "a profile that is still there", "profile index 0", "S2"),),
    ),
    Case(
        "another client",
        client,
        (ONE, [OF_ANOTHER, OF_NOBODY]),
        (
            ("TS24379-7.2.3-02", f"mcptt-client-id {INSTANCE}", "urn:uuid:1", "S4"),
            ("TS24379-7.2.3-02", f"mcptt-client-id {INSTANCE}", "absent", "S5"),
        ),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()


@pytest.mark.parametrize(
    ("service", "fact"),
    [("mcvideo", "FACT-mcvideo-documents"), ("mcdata", "FACT-mcdata-documents")],
)
def test_a_mark_is_read_by_the_names_of_its_service(service: str, fact: str) -> None:
    judged = everywhere(ONE, [OTHER], 1, service), moved(TOLD, [ONE], 0, service)

    assert [judgement.findings[0].requirement for judgement in judged] == [
        "TS23280-10.1.1.1-19",
        "TS23280-10.1.1.1-21",
    ]
    assert all(judgement.findings[0].through[-1] == fact for judgement in judged)
