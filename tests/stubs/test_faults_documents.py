"""Named faults of configuration and group servers, each over a real connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from stubs.faults import HttpFault
from stubs.faults_documents import (
    OtherMediaType,
    RefusedToken,
    SameVersionAgain,
    SecondRoot,
    StrayAnnouncements,
    TwoLengths,
    WeakEtags,
    WithheldDocument,
)
from stubs.world import World
from stubs.xcap import StoredDocument, holds
from tests.stubs.stub_helpers import ask, document_url, issued, last_http


@contextmanager
def misbehaving(world: World, server: str, fault: HttpFault) -> Iterator[None]:
    faults = world.primary.faults[server]
    faults.append(fault)
    try:
        yield
    finally:
        faults.remove(fault)


def profile(world: World, index: int = 1) -> str:
    return document_url(world, "primary", "cms", world.profile_selector("primary", "alice", index))


def group(world: World) -> str:
    selector = world.builder.group_selector("primary", "county")
    return document_url(world, "primary", "gms", selector)


def group_token(world: World) -> str:
    return issued(world, scope="openid 3gpp:mc:ptt_group_management_service")


def test_document_is_withheld_as_often_as_it_is_said(world: World) -> None:
    selector = world.profile_selector("primary", "alice", 1)
    token = issued(world)

    with misbehaving(world, "cms", WithheldDocument(selector, 503, times=1)):
        other = ask(world, "GET", profile(world, 0), token=token)
        statuses = [ask(world, "GET", profile(world), token=token).status for _ in range(2)]

    assert (other.status, statuses) == (200, [503, 200])


def test_document_comes_as_another_media_type(world: World) -> None:
    selector = world.profile_selector("primary", "alice", 1)

    with misbehaving(world, "cms", OtherMediaType(selector)):
        replies = [ask(world, "GET", profile(world, i), token=issued(world)) for i in (0, 1)]

    types = [reply.headers["Content-Type"] for reply in replies]
    assert types[0].startswith("application/vnd.3gpp.mcptt-user-profile+xml")
    assert types[1].startswith("text/html")


def test_document_comes_with_two_lengths(world: World) -> None:
    selector = world.profile_selector("primary", "alice", 1)

    with misbehaving(world, "cms", TwoLengths(selector)):
        ask(world, "GET", profile(world), token=issued(world))

    sent = last_http(world).response_headers
    assert len({value for name, value in sent if name.lower() == "content-length"}) == 2


def test_group_is_withheld_in_either_spelling_and_escaped(world: World) -> None:
    selector = world.builder.group_selector("primary", "county")
    spelled = [group(world), group(world).replace("byGroupID", "byGroup")]
    base, _, name = group(world).rpartition("/")

    with misbehaving(world, "gms", WithheldDocument(selector)):
        replies = [
            ask(world, "GET", url, token=group_token(world))
            for url in (*spelled, f"{base}/{quote(name, safe='')}")
        ]

    assert [reply.status for reply in replies] == [404, 404, 404]


def test_first_token_is_refused_and_another_one_is_taken(world: World) -> None:
    first, second = issued(world), issued(world)

    with misbehaving(world, "cms", RefusedToken()):
        replies = [ask(world, "GET", profile(world), token=t) for t in (first, second, first)]

    assert [(r.status, r.headers.get("WWW-Authenticate")) for r in replies] == [
        (401, 'Bearer error="invalid_token"'),
        (200, None),
        (401, 'Bearer error="invalid_token"'),
    ]


def test_first_token_may_be_good_for_a_while(world: World) -> None:
    token = issued(world)

    with misbehaving(world, "cms", RefusedToken(accepted=1)):
        statuses = [ask(world, "GET", profile(world), token=token).status for _ in range(2)]

    assert statuses == [200, 401]


def test_held_version_counts_as_unchanged_and_any_other_does_not(world: World) -> None:
    selector = world.profile_selector("primary", "alice", 1)
    token = issued(world)

    with misbehaving(world, "cms", SameVersionAgain(selector, '"held"')):
        held, other, none = (
            ask(world, "GET", profile(world), token=token, headers=headers)
            for headers in ({"If-None-Match": '"held"'}, {"If-None-Match": '"other"'}, {})
        )

    assert (held.status, held.headers["ETag"]) == (304, '"held"')
    assert (other.status, none.status) == (200, 200)


def test_etags_come_as_weak_and_are_known_again(world: World) -> None:
    token = issued(world)

    with misbehaving(world, "cms", WeakEtags()):
        first = ask(world, "GET", profile(world), token=token)
        headers = {"If-None-Match": first.headers["ETag"]}
        again = ask(world, "GET", profile(world), token=token, headers=headers)

    assert first.headers["ETag"].startswith('W/"')
    assert again.status == 304


def test_documents_are_found_below_the_second_root_too(world: World) -> None:
    url = urlsplit(profile(world))
    root = urlsplit(world.primary.url("cms")).path
    moved = url._replace(path=url.path.replace(root, "/other", 1)).geturl()
    token = issued(world)

    with misbehaving(world, "cms", SecondRoot("/other", root)):
        replies = [ask(world, "GET", place, token=token) for place in (moved, profile(world))]

    assert [reply.status for reply in replies] == [200, 200]
    assert replies[0].body == replies[1].body


def test_stray_is_announced_beside_what_is_subscribed_to(world: World) -> None:
    own = world.profile_selector("primary", "alice", 1)
    stray = StoredDocument(own.replace("alice", "bob"), b"", "", etag='"stray"')
    store = StrayAnnouncements(world.primary.configuration, (stray,))

    told = {found.selector for found in store.matching(own)}

    assert told == {own, stray.selector}
    assert store.matching("org.3gpp.mcptt.service-config/global/") == (
        world.primary.configuration.matching("org.3gpp.mcptt.service-config/global/")
    )


def test_group_is_read_by_post_as_well(world: World) -> None:
    token = group_token(world)

    read, posted = (ask(world, method, group(world), token=token) for method in ("GET", "POST"))

    assert (posted.status, posted.body) == (read.status, read.body)


def test_etag_may_hold_a_comma() -> None:
    assert holds('"a,b", W/"c"', '"a,b"')
    assert holds('"x", W/"c"', '"c"')
    assert not holds('"x,y"', '"y"')
    assert not holds("a,b", '"a,b"')
