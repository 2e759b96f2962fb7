"""Checks of the retrieval of group documents."""

from muster.checks import group_documents as groups
from tests.checks.exchanges import (
    GROUP,
    GROUPS,
    Case,
    cases,
    http,
    notify,
    publish,
    read_group,
    register,
    subscribe,
    token,
)

COUNTY = f"{GROUPS}/byGroupID/sip:county@primary.example"
ALIKE = GROUP.replace("byGroupID", "byGroup")
ID = "sip:command@primary.example"
ODD = "sip:east?night@primary.example"
ROOT = "https://gms.primary.example:8444/root"
TRIGGER = publish()
TOLD = notify({GROUP: "v1"})
each = groups.each_group_is_asked_for
place = groups.groups_are_asked_for_in_their_place
method = groups.groups_are_retrieved_by_get_or_post
segment = groups.group_id_is_one_segment
extended = groups.extended_group_is_used
scoped = groups.token_is_scoped_for_groups
follow = groups.groups_follow_registration
missed = groups.missed_group_is_obtained_after_the_notification
FOR_GROUPS = token(scopes=("openid", "3gpp:mc:ptt_group_management_service"))

ACCEPTED = (
    Case("the group of MCVideo", each, (TRIGGER, [read_group()], [GROUP], "mcvideo")),
    Case(
        "each group, one of them refused",
        each,
        (TRIGGER, [read_group(), read_group(COUNTY, "X2", status=404)], [GROUP, COUNTY]),
    ),
    Case(
        "both spellings, capabilities and a part",
        place,
        (
            [
                read_group(),
                read_group(ALIKE),
                read_group("xcap-caps/global/index"),
                read_group(f"{GROUP}/~~/group"),
            ],
            ROOT,
            [ID],
        ),
    ),
    Case(
        "root of two segments, with a slash behind it",
        place,
        ([read_group(root="/mc/root")], "https://gms.primary.example:8444/mc/root/", [ID]),
    ),
    Case("escaped group ID", place, ([read_group(GROUP.replace("@", "%40"))], ROOT, [ID])),
    Case(
        "GET, POST and HEAD",
        method,
        ([read_group(), read_group(method="POST"), read_group(method="HEAD")],),
    ),
    Case(
        "escaped question mark",
        segment,
        (TRIGGER, [read_group(f"{GROUPS}/byGroupID/sip:east%3Fnight@primary.example")], ODD),
    ),
    Case(
        "everything escaped, and another group",
        segment,
        (
            TRIGGER,
            [
                read_group(f"{GROUPS}/byGroupID/sip%3Aeast%3Fnight%40primary.example/~~/group"),
                read_group(),
            ],
            ODD,
        ),
    ),
    Case("subscribed to", extended, (read_group(), [subscribe(ALIKE)], GROUP)),
    Case("subscribed with all", extended, (read_group(), [subscribe(f"{GROUPS}/")], GROUP)),
    Case("scope for groups", scoped, ([read_group(tokens=(FOR_GROUPS,))],)),
    Case("groups after the registration", follow, (register(at=5.0), [read_group()])),
    Case(
        "obtained after all",
        missed,
        (TOLD, [read_group(status=503), read_group(ALIKE, "X2")], GROUP),
    ),
)

REPORTED = (
    Case(
        "group not asked for",
        each,
        (TRIGGER, [read_group()], [GROUP, COUNTY]),
        (("TS24481-6.3.3.2-03", f"a request for {COUNTY}", "none", "S1"),),
    ),
    Case(
        "another usage",
        place,
        (
            [
                read_group("xcap-caps/global/index", "X0"),
                read_group(f"org.3gpp.groups/global/byGroupID/{ID}"),
            ],
            ROOT,
            [ID],
        ),
        (("TS24481-7.2.3-51", groups.USAGE, "org.3gpp.groups", "X1"),),
    ),
    Case(
        "tree of users",
        place,
        ([read_group(f"{groups.USAGE}/users/groups/{ID}")], ROOT, [ID]),
        (("TS24481-6.2.2.2-01", "the global tree, byGroupID", "users/groups", "X1"),),
    ),
    Case(
        "collection of groups in the tree of users",
        place,
        ([read_group(f"{groups.USAGE}/users/byGroupID/{ID}")], ROOT, [ID]),
        (("TS24481-6.2.2.2-01", "the global tree, byGroupID", "users/byGroupID", "X1"),),
    ),
    Case(
        "ID of two segments",
        place,
        ([read_group(f"{GROUP}/more")], ROOT, [ID]),
        (("TS24481-7.2.10.2-51", ID, f"{ID}/more", "X1"),),
    ),
    Case(
        "ID without scheme",
        place,
        ([read_group(GROUP.replace("sip:", ""))], ROOT, [ID]),
        (("TS24481-7.2.10.2-51", ID, "command@primary.example", "X1"),),
    ),
    Case(
        "method that retrieves nothing",
        method,
        ([read_group(method="SEARCH")],),
        (("TS24481-6.3.3.2-01", "GET or POST", "SEARCH", "X1"),),
    ),
    Case(
        "question mark as it is",
        segment,
        (TRIGGER, [read_group(name="X0"), http(f"/root/{GROUPS}/byGroupID/{ODD}")], ODD),
        (
            (
                "RFC3986-3.3-01",
                f"{ODD} as one segment",
                f"/root/{GROUPS}/byGroupID/{ODD}",
                "X1",
            ),
        ),
    ),
    Case(
        "not subscribed to",
        extended,
        (read_group(), [subscribe(COUNTY)], GROUP),
        (("TS24481-7.2.2-51", f"an entry for {GROUP}", COUNTY, "X1"),),
    ),
    Case(
        "scope for keys",
        scoped,
        ([read_group()],),
        (
            (
                "TS33180-5.1.3.1-08",
                "a scope that ends in group_management_service",
                "openid 3gpp:mc:ptt_key_management_service",
                "X1",
            ),
        ),
    ),
    Case(
        "group before the registration",
        follow,
        (register(at=15.0), [read_group()]),
        (("TS23280-10.1.5.2-02", "after the registration [S1]", "before it", "X1"),),
    ),
    Case(
        "given up",
        missed,
        (TOLD, [read_group(status=503)], GROUP),
        (("RFC5875-4.8-01", f"{GROUP} obtained", "not obtained", "N1"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()


def test_group_that_only_a_provisional_name_lists_is_told_so() -> None:
    (finding,) = each(TRIGGER, [], [GROUP], "mcdata").findings

    assert finding.requirement == "TS24481-6.3.3.2-03"
    assert finding.through == ("FACT-mcdata-documents",)
