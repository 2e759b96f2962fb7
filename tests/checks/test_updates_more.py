"""Checks of several changes, and of groups that come to the active profile."""

from muster.checks import updates
from tests.checks.exchanges import (
    GROUP,
    PROFILE,
    SERVICE_CONFIGURATION,
    UE_CONFIGURATION,
    Case,
    cases,
    notify,
    read,
    read_group,
)

OTHER_GROUP = GROUP.replace("command", "county")
both = updates.every_change_of_a_notification_is_fetched
groups = updates.every_group_of_a_notification_is_fetched
last = updates.last_of_several_notifications_is_followed
place = updates.documents_are_retrieved_where_they_are_announced
added = updates.group_added_to_the_profile_is_obtained

TWO = notify({UE_CONFIGURATION: "v2", SERVICE_CONFIGURATION: "v3"})
TWO_GROUPS = notify({GROUP: "v2", OTHER_GROUP: "v3"})
ROW = [notify({PROFILE: "v2"}), notify({PROFILE: "v3"}, name="N2")]

ACCEPTED = (
    Case(
        "both",
        both,
        (
            TWO,
            [read(UE_CONFIGURATION, etag='"v2"'), read(SERVICE_CONFIGURATION, etag='"v3"')],
        ),
    ),
    Case(
        "both groups",
        groups,
        (TWO_GROUPS, [read_group(etag='"v2"'), read_group(OTHER_GROUP, etag='"v3"')]),
    ),
    Case("the last version alone", last, (ROW, [read(PROFILE, etag='"v3"')])),
    Case("removed in the end", last, ([ROW[0], notify({PROFILE: ""}, name="N2")], [])),
    Case("at its place", place, (notify({PROFILE: "v2"}), [read(PROFILE.replace("@", "%40"))])),
    Case("another document elsewhere", place, (notify({PROFILE: "v2"}), [read_group(root="")])),
    Case("added group", added, (notify({PROFILE: "v2"}), [read_group()], [GROUP])),
    Case("of MCData", added, (notify({PROFILE: "v2"}), [read_group()], [GROUP], "mcdata")),
)

REPORTED = (
    Case(
        "the first alone",
        both,
        (TWO, [read(UE_CONFIGURATION, etag='"v2"')]),
        (
            (
                "TS24484-6.3.13.2.2-13",
                f"{SERVICE_CONFIGURATION} in version v3",
                "not fetched",
                "N1",
            ),
        ),
    ),
    Case(
        "the first group alone",
        groups,
        (TWO_GROUPS, [read_group(etag='"v2"')]),
        (("TS24481-6.3.13.2.1-10", f"{OTHER_GROUP} in version v3", "not fetched", "N1"),),
    ),
    Case(
        "the first version alone",
        last,
        (ROW, [read(PROFILE, etag='"v2"')]),
        (("TS24484-6.3.13.2.2-13", f"{PROFILE} in version v3", "not fetched", "N2"),),
    ),
    Case(
        "below another root",
        place,
        (notify({PROFILE: "v2"}), [read(PROFILE, root="/other")]),
        (("TS24484-6.3.13.2.2-14", f"/root/{PROFILE}", f"/other/{PROFILE}", "X1"),),
    ),
    Case(
        "added group not obtained",
        added,
        (notify({PROFILE: "v2"}), [read_group(status=404)], [GROUP]),
        tuple(
            (requirement, f"{GROUP} obtained", "not obtained", "N1")
            for requirement in ("TS23280-10.1.1.1-15", "TS24481-6.3.3.2-03")
        ),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
