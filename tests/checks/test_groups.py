"""Checks of group configuration."""

from dataclasses import replace

from muster.checks import groups
from tests.checks.exchanges import (
    GROUP,
    GROUPS,
    PROFILE,
    WINDOW,
    Case,
    cases,
    notify,
    publish,
    read,
    read_group,
    subscribe,
    token,
)

COUNTY = f"{GROUPS}/byGroupID/sip:county@primary.example"
STATION = f"{GROUPS}/byGroupID/sip:station@primary.example"
ALIKE = GROUP.replace("byGroupID", "byGroup")
BOTH = [read_group(), read_group(COUNTY, "X2")]
TRIGGER = publish()
each = groups.obtains_each_listed_group
no_other = groups.asks_for_no_other_group
server = groups.asks_the_named_group_server
presents = groups.presents_a_group_token
follow = groups.groups_follow_the_profile
subscribed = groups.groups_are_subscribed_to
of_new = groups.obtains_the_groups_of_the_new_profile

of_own = groups.group_is_subscribed_to_where_it_is_kept
from_own = groups.group_is_obtained_where_it_is_kept
OWN = "sip:gms-2@primary.example"
KEPT = notify({GROUP: "v1"})

LISTING = replace(
    read(PROFILE, at=10.0), response_body=b"<uri-entry>sip:command@primary.example</uri-entry>"
)
LISTING_NONE = replace(LISTING, started=20.0, ended=21.0, response_body=b"<x/>")
REFUSED = replace(LISTING, name="X5", started=1.0, ended=2.0, status=404)

ACCEPTED = (
    Case("its own server", of_own, (read(PROFILE), [subscribe(GROUP, uri=OWN)], OWN)),
    Case("its own root", from_own, (KEPT, [read_group(root="/own")], "/own", GROUP)),
    Case("each group", each, (TRIGGER, BOTH, [GROUP, COUNTY])),
    Case("the other spelling of the collection", each, (TRIGGER, [read_group(ALIKE)], [GROUP])),
    Case(
        "escaped group ID, held already",
        each,
        (TRIGGER, [read_group(GROUP.replace(":", "%3A"), status=304)], [GROUP]),
    ),
    Case("only listed groups", no_other, (TRIGGER, BOTH, [GROUP, COUNTY], WINDOW)),
    Case(
        "other documents and a part of a listed group",
        no_other,
        (
            TRIGGER,
            [read(PROFILE), read_group("xcap-caps/global/index"), read_group(f"{ALIKE}/~~/group")],
            [GROUP],
            WINDOW,
        ),
    ),
    Case("named group server", server, (BOTH, "primary")),
    Case("access token", presents, (BOTH,)),
    Case("groups after the profile", follow, ([read_group(at=12.0)], [LISTING])),
    Case(
        "group between a profile that lists it and another one",
        follow,
        ([read_group(at=12.0)], [LISTING, replace(LISTING, name="X4", started=14.0, ended=15.0)]),
    ),
    Case("group that no profile lists is another matter", follow, ([read_group()], [LISTING_NONE])),
    Case(
        "subscribed one by one",
        subscribed,
        (TRIGGER, [subscribe(GROUP), subscribe(ALIKE)], [GROUP]),
    ),
    Case("subscribed as a collection", subscribed, (TRIGGER, [subscribe(GROUPS + "/")], [GROUP])),
    Case(
        "subscribed as a collection of the other spelling",
        subscribed,
        (TRIGGER, [subscribe(f"/{GROUPS}/byGroup/")], [GROUP]),
    ),
    Case("groups of the new profile", of_new, (TRIGGER, [read_group(STATION)], [STATION])),
    Case("no group that is new", of_new, (TRIGGER, [], [])),
)

REPORTED = (
    Case(
        "configured server",
        of_own,
        (read(PROFILE), [subscribe(GROUP, uri="sip:gms@primary.example")], OWN),
        (("TS24484-9.3.2.1-51", f"a SUBSCRIBE to {OWN}", "sip:gms@primary.example", "X1"),),
    ),
    Case(
        "configured root",
        from_own,
        (KEPT, [read_group()], "/own", GROUP),
        (("TS24484-9.3.2.1-52", f"/own/{GROUP}", f"/root/{GROUP}", "N1"),),
    ),
    Case(
        "one of two groups",
        each,
        (TRIGGER, BOTH[:1], [GROUP, COUNTY]),
        (
            ("TS23280-10.1.1.1-13", f"{COUNTY} obtained", "not obtained", "S1"),
            ("TS24481-6.3.3.2-03", f"{COUNTY} obtained", "not obtained", "S1"),
        ),
    ),
    Case(
        "another group",
        no_other,
        (TRIGGER, [*BOTH, read_group(STATION, "X3")], [GROUP, COUNTY], WINDOW),
        tuple(
            (requirement, "only groups of the active profile", f"/root/{STATION}", "X3")
            for requirement in ("TS24481-6.3.3.2-05",)
        ),
    ),
    Case(
        "group asked of the configuration server",
        server,
        ([read(GROUP)], "primary"),
        (
            (
                "TS23280-10.1.1.1-04",
                "the group server of primary",
                "the cms server of primary",
                "X1",
            ),
        ),
    ),
    Case(
        "no token",
        presents,
        ([read_group(tokens=())],),
        (("TS24481-6.3.3.2-02", "Authorization: Bearer", "none", "X1"),),
    ),
    Case(
        "token of the partner",
        presents,
        ([read_group(tokens=[token(issuer="partner")])],),
        (
            (
                "TS33180-5.1.3.1-04",
                "an access token of primary",
                "the access token of partner",
                "X1",
            ),
        ),
    ),
    Case(
        "group before the profile",
        follow,
        ([read_group(at=10.0)], [replace(LISTING, name="X2", started=9.5, ended=10.5)]),
        (("TS23280-10.1.5.2-01", "after the profile [X2]", "before it", "X1"),),
    ),
    Case(
        "group before its profile, after one that lists it not and one that was refused",
        follow,
        (
            [read_group(at=18.0)],
            [
                replace(LISTING_NONE, started=1.0, ended=2.0),
                REFUSED,
                replace(LISTING, name="X3", started=19.0, ended=20.0),
            ],
        ),
        (("TS23280-10.1.5.2-01", "after the profile [X3]", "before it", "X1"),),
    ),
    Case(
        "group not subscribed to",
        subscribed,
        (TRIGGER, [subscribe(GROUP, name="S2")], [GROUP, COUNTY]),
        (("TS24481-6.3.13.2.1-08", f"an entry for {COUNTY}", GROUP, "S1"),),
    ),
    Case(
        "entry that the group only begins with",
        subscribed,
        (TRIGGER, [subscribe(GROUP[:-3], name="S2")], [GROUP]),
        (("TS24481-6.3.13.2.1-08", f"an entry for {GROUP}", GROUP[:-3], "S1"),),
    ),
    Case(
        "group of the new profile refused",
        of_new,
        (TRIGGER, [read_group(STATION, status=401)], [STATION]),
        (("TS24481-6.3.3.2-04", f"{STATION} obtained", "not obtained", "S1"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
