"""Checks of updates during service."""

from collections.abc import Callable

from muster.checks import updates
from muster.evidence import Judgement
from tests.checks.exchanges import (
    GROUP,
    PROFILE,
    SERVICE_CONFIGURATION,
    UE_CONFIGURATION,
    Case,
    cases,
    notify,
    read,
)

FOLLOWED: tuple[tuple[Callable[..., Judgement], str, str, tuple[str, ...]], ...] = (
    (
        updates.changed_group_is_fetched,
        "primary",
        GROUP,
        ("TS23280-10.1.1.1-16", "TS23280-10.1.5.2-04", "TS24481-6.3.13.2.1-10"),
    ),
    (
        updates.changed_profile_is_fetched,
        "primary",
        PROFILE,
        ("TS23280-10.1.1.1-15", "TS24484-6.3.13.2.2-13"),
    ),
    (
        updates.changed_ue_configuration_is_fetched,
        "primary",
        UE_CONFIGURATION,
        ("TS23280-10.1.1.1-14", "TS24484-6.3.13.2.2-13"),
    ),
    (
        updates.changed_service_configuration_is_fetched,
        "primary",
        SERVICE_CONFIGURATION,
        ("TS24484-6.3.13.2.2-13",),
    ),
    (
        updates.group_changed_by_the_partner_is_fetched,
        "partner",
        GROUP,
        ("TS23280-10.1.1.2-35",),
    ),
    (
        updates.profile_changed_by_the_partner_is_fetched,
        "partner",
        PROFILE,
        ("TS23280-10.1.1.2-34",),
    ),
)


def reports(requirements: tuple[str, ...], selector: str) -> tuple[tuple[str, str, str, str], ...]:
    return tuple((r, f"{selector} in version v2", "not fetched", "N1") for r in requirements)


ACCEPTED = (
    Case("NOTIFY answered", updates.notification_is_answered, (notify({PROFILE: "v2"}),)),
    *(
        Case(
            f"{check.__name__}: new version",
            check,
            (
                notify({selector: "v2"}, system=system),
                [read(selector.replace("@", "%40"), system=system, etag='"v2"')],
            ),
        )
        for check, system, selector, _ in FOLLOWED
    ),
    *(
        Case(f"{check.__name__}: removed", check, (notify({selector: ""}, system=system), []))
        for check, system, selector, _ in FOLLOWED
    ),
    Case(
        "selector with a slash before it",
        updates.changed_profile_is_fetched,
        (notify({"/" + PROFILE: "v2"}), [read(PROFILE, etag='"v2"')]),
    ),
)

REPORTED = (
    Case(
        "NOTIFY refused",
        updates.notification_is_answered,
        (notify({PROFILE: "v2"}, 489),),
        (("RFC6665-4.1.3-01", "200", "489", "N1"),),
    ),
    Case(
        "NOTIFY not answered",
        updates.notification_is_answered,
        (notify({PROFILE: "v2"}, None),),
        (("RFC6665-4.1.3-01", "200", "no answer", "N1"),),
    ),
    *(
        Case(
            f"{check.__name__}: nothing",
            check,
            (notify({selector: "v2"}, system=system), []),
            reports(requirements, selector),
        )
        for check, system, selector, requirements in FOLLOWED
    ),
    *(
        Case(
            f"{check.__name__}: old version",
            check,
            (notify({selector: "v2"}, system=system), [read(selector, system=system, etag='"v1"')]),
            reports(requirements, selector),
        )
        for check, system, selector, requirements in FOLLOWED
    ),
    Case(
        "from the primary what the partner changed",
        updates.group_changed_by_the_partner_is_fetched,
        (notify({GROUP: "v2"}, system="partner"), [read(GROUP, etag='"v2"')]),
        reports(("TS23280-10.1.1.2-35",), GROUP),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
