"""The XCAP servers: who may read which document, and in which version."""

from urllib.parse import urlsplit

import pytest

from muster.documents.validate import validate
from stubs.world import World
from tests.stubs.stub_helpers import ask, document_url, issued, last_http


def profile(world: World, system: str = "primary", index: int = 1) -> str:
    return document_url(world, system, "cms", world.profile_selector(system, "alice", index))


def test_own_profile_is_read_with_its_version(world: World) -> None:
    stored = world.primary.configuration.get(world.profile_selector("primary", "alice", 1))

    reply = ask(world, "GET", profile(world), token=issued(world))

    assert stored is not None
    assert (reply.status, reply.body) == (200, stored.body)
    assert reply.headers["ETag"] == stored.etag
    assert reply.headers["Content-Type"] == "application/vnd.3gpp.mcptt-user-profile+xml"
    assert last_http(world).facts == {"document": stored.selector}


def test_request_without_token_is_answered_403(world: World) -> None:
    reply = ask(world, "GET", profile(world))

    assert (reply.status, last_http(world).tokens) == (403, ())


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_other_scheme_counts_as_no_token(world: World, scheme: str) -> None:
    reply = ask(world, "GET", profile(world), headers={"Authorization": f"{scheme} abcdefgh"})

    assert reply.status == 403
    assert "WWW-Authenticate" not in reply.headers


def bad_token(world: World, fault: str) -> str:
    match fault:
        case "unknown":
            return "made-up-token-of-nobody"
        case "expired":
            return issued(world, lifetime=-1)
        case "foreign":
            return issued(world, "partner", owner=world.primary.identity("alice"))
    return issued(world, kind=fault)


@pytest.mark.parametrize("fault", ["unknown", "expired", "foreign", "id", "security"])
def test_bad_token_is_answered_401_with_challenge(world: World, fault: str) -> None:
    token = bad_token(world, fault)

    reply = ask(world, "GET", profile(world), token=token)

    assert (reply.status, reply.headers["WWW-Authenticate"]) == (
        401,
        'Bearer error="invalid_token"',
    )
    [use] = last_http(world).tokens
    assert use.expired == (fault == "expired")
    assert use.issuer == {"unknown": "", "foreign": "partner"}.get(fault, "primary")


def test_token_of_another_scope_is_answered_403(world: World) -> None:
    token = issued(world, scope="openid 3gpp:mc:ptt_group_management_service")

    reply = ask(world, "GET", profile(world), token=token)

    assert reply.status == 403
    assert reply.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'


def test_document_of_another_user_is_answered_403(world: World) -> None:
    token = issued(world, owner=world.primary.identity("bob"))

    assert ask(world, "GET", profile(world), token=token).status == 403


def test_asserted_identity_of_a_ue_is_refused(world: World) -> None:
    identity = {"X-3GPP-Asserted-Identity": '"sip:alice@primary.example"'}

    assert ask(world, "GET", profile(world), token=issued(world), headers=identity).status == 403


@pytest.mark.parametrize("rest", ["", "/", "/nothing", "/..", "/org.3gpp.mcptt.user-profile/"])
def test_unknown_document_is_answered_404(world: World, rest: str) -> None:
    url = f"{world.primary.url('cms')}{rest}"

    assert ask(world, "GET", url, token=issued(world)).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%00",
        "//etc/passwd",
        "/org.3gpp.mcptt.user-profile/users/../users",
    ],
)
def test_path_that_climbs_finds_nothing(world: World, path: str) -> None:
    reply = ask(world, "GET", f"{world.primary.url('cms')}{path}", token=issued(world))

    root = urlsplit(world.primary.url("cms")).path
    assert (reply.status, last_http(world).target) == (404, root + path)


def test_path_outside_the_root_is_answered_404(world: World) -> None:
    url = world.primary.url("cms").rsplit("/", 1)[0] + "/etc/passwd"

    assert ask(world, "GET", url, token=issued(world)).status == 404


@pytest.mark.parametrize("escaped", [":@", "@", ":"])
def test_escaped_user_identity_names_the_same_document(world: World, escaped: str) -> None:
    url = profile(world)
    root = world.primary.url("cms")
    path = url.removeprefix(root)
    for character in escaped:
        path = path.replace(character, f"%{ord(character):02x}")

    reply = ask(world, "GET", root + path, token=issued(world))

    assert reply.status == 200
    assert last_http(world).decoded_path == urlsplit(url).path


def test_version_that_is_held_is_answered_304(world: World) -> None:
    token = issued(world)
    etag = ask(world, "GET", profile(world), token=token).headers["ETag"]

    offers = [etag, f"W/{etag}", f'"other", {etag}', "*", f'"x" , W/{etag} ,"y"']
    replies = [
        ask(world, "GET", profile(world), token=token, headers={"If-None-Match": offer})
        for offer in offers
    ]

    assert [(reply.status, reply.body) for reply in replies] == [(304, b"")] * len(offers)
    assert {reply.headers["ETag"] for reply in replies} == {etag}


@pytest.mark.parametrize("offer", ['"other"', "", '"', 'W/"other"', "**"])
def test_version_that_is_not_held_is_sent(world: World, offer: str) -> None:
    reply = ask(world, "GET", profile(world), token=issued(world), headers={"If-None-Match": offer})

    assert reply.status == 200


def test_new_version_has_another_tag(world: World) -> None:
    token = issued(world)
    url = document_url(world, "primary", "cms", world.service_configuration_selector())
    before = ask(world, "GET", url, token=token)

    world.on_loop(lambda: world.put_service_configuration("primary", "PT45S"))
    after = ask(world, "GET", url, token=token, headers={"If-None-Match": before.headers["ETag"]})

    assert after.status == 200
    assert b"PT45S" in after.body
    assert after.headers["ETag"] != before.headers["ETag"]


def test_service_configuration_is_for_every_user(world: World) -> None:
    url = document_url(world, "primary", "cms", world.service_configuration_selector())
    bob = issued(world, owner=world.primary.identity("bob"))

    assert ask(world, "GET", url, token=bob).status == 200


@pytest.mark.parametrize("collection", ["byGroupID", "byGroup"])
def test_group_is_read_by_either_spelling(world: World, collection: str) -> None:
    group = world.primary.group("county").id
    selector = f"org.openmobilealliance.groups/global/{collection}/{group}"

    reply = ask(world, "GET", document_url(world, "primary", "gms", selector), token=issued(world))

    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/vnd.oma.poc.groups+xml"
    assert group.encode() in reply.body


def test_group_server_has_no_profiles(world: World) -> None:
    selector = world.profile_selector("primary", "alice", 1)

    reply = ask(world, "GET", document_url(world, "primary", "gms", selector), token=issued(world))

    assert reply.status == 404


def test_capabilities_name_the_usages(world: World) -> None:
    url = document_url(world, "primary", "cms", "xcap-caps/global/index")

    reply = ask(world, "GET", url, token=issued(world))

    assert reply.headers["Content-Type"] == "application/xcap-caps+xml"
    assert validate(reply.body, world.schemas, strict=True).valid
    assert b"<auid>org.3gpp.mcptt.user-profile</auid>" in reply.body


@pytest.mark.parametrize(
    ("method", "status"), [("PUT", 403), ("DELETE", 403), ("POST", 405), ("PATCH", 405)]
)
def test_user_changes_nothing(world: World, method: str, status: int) -> None:
    token = issued(world)
    before = ask(world, "GET", profile(world), token=token)

    reply = ask(world, method, profile(world), token=token, body=b"<x/>")

    assert reply.status == status
    assert ask(world, "GET", profile(world), token=token).body == before.body


def test_owner_moves_the_mark_where_updates_are_taken(world: World) -> None:
    token = issued(world)
    first, other = (profile(world, index=index) for index in (1, 0))
    unmarked = ask(world, "GET", other, token=token).body
    marked = unmarked.replace(b"</ProfileName>", b"</ProfileName><Pre-selected-indication/>")
    world.loop.call(lambda: setattr(world.primary.configuration, "takes_updates", True))

    replies = [
        ask(world, "PUT", other, token=token, body=marked, headers={"If-Match": '"old"'}).status,
        ask(world, "PUT", other, token=token, body=b"no XML").status,
        ask(
            world, "PUT", other, token=issued(world, owner="sip:bob@primary.example"), body=marked
        ).status,
        ask(world, "PUT", other, token=token, body=marked).status,
    ]

    assert replies == [412, 409, 403, 200]
    assert b"Pre-selected-indication" in ask(world, "GET", other, token=token).body
    assert b"Pre-selected-indication" not in ask(world, "GET", first, token=token).body


def test_head_is_answered_without_body(world: World) -> None:
    reply = ask(world, "HEAD", profile(world), token=issued(world))

    assert (reply.status, reply.body) == (200, b"")


def test_bootstrap_document_needs_no_token(world: World) -> None:
    first = ask(world, "GET", world.bootstrap_uri)
    again = ask(world, "GET", world.bootstrap_uri, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status, again.status) == (200, 304)
    assert first.headers["Content-Type"] == "application/vnd.3gpp.mcptt-ue-init-config+xml"
    assert world.terminal.instance_id.encode() in first.body


def test_bootstrap_server_knows_no_other_terminal(world: World) -> None:
    other = world.bootstrap_uri.replace(world.terminal.mcs_ue_id, "ue-other")

    assert ask(world, "GET", other).status == 404
    assert ask(world, "PUT", world.bootstrap_uri, body=b"x").status == 405
