"""The key management server: keys that fit, for their owner only."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from muster.protocol import kms, mikey_sakke
from stubs.world import World
from tests.stubs.stub_helpers import Reply, ask, issued, last_http


def post(
    world: World, path: str, token: str = "", user: str = "alice", body: bytes | None = None
) -> Reply:
    url = world.primary.url("kms") + path
    request = kms.KmsRequest(
        user_uri=world.primary.identity(user),
        kms_uri=world.primary.host_name("kms"),
        client_req_url=url,
        time=datetime.now(UTC),
    )
    headers = {"Content-Type": "application/xml"}
    return ask(
        world,
        "POST",
        url,
        token=token,
        headers=headers,
        body=request.to_xml() if body is None else body,
    )


def only_keys(reply: Reply) -> kms.KeySet:
    key_sets = kms.read_response(reply.body).key_sets
    assert key_sets is not None
    [keys] = key_sets
    return keys


def test_keys_fit_the_certificate(world: World) -> None:
    token = issued(world)

    certificate = kms.read_response(post(world, kms.INIT_PATH, token).body).certificate
    keys = only_keys(post(world, kms.KEYPROV_PATH, token))

    assert certificate is not None
    assert certificate.kms_uri == world.primary.host_name("kms")
    period, offset = certificate.user_key_period, certificate.user_key_offset
    number = mikey_sakke.key_period_number(datetime.now(UTC), period, offset)
    own = world.primary.identity("alice")
    identifier = mikey_sakke.uid(own, certificate.kms_uri, period, offset, number)
    assert (keys.user_id, keys.key_period_no) == (identifier, number)
    assert mikey_sakke.signing_key_fits(certificate.pub_auth_key, identifier, keys.keys)
    assert mikey_sakke.decrypt_key_fits(certificate.pub_enc_key, identifier, keys.keys.decrypt_key)


def test_keys_are_never_journalled(world: World) -> None:
    keys = only_keys(post(world, kms.KEYPROV_PATH, issued(world)))

    seen = last_http(world)
    for secret in (keys.keys.decrypt_key, keys.keys.signing_key):
        assert secret.hex().encode() not in seen.response_body.lower()
    assert keys.keys.public_token.hex().encode() in seen.response_body.lower()
    assert b"masked-private-key-" in seen.response_body


@pytest.mark.parametrize("escape", [False, True])
def test_user_may_be_named_in_the_path(world: World, escape: bool) -> None:
    named = world.primary.identity("alice")
    rest = quote(named, safe="") if escape else named

    reply = post(world, f"{kms.KEYPROV_PATH}/{rest}", issued(world))

    assert only_keys(reply).user_uri == named
    assert last_http(world).facts["keys_for"] == named


def test_keys_of_another_user_are_refused_with_a_kms_error(world: World) -> None:
    reply = post(world, kms.KEYPROV_PATH, issued(world), user="bob")

    answer = kms.read_response(reply.body)
    assert reply.status == 200
    assert answer.error is not None
    assert (answer.error.code, answer.key_sets) == (403, None)
    assert last_http(world).facts["keys_for"] == world.primary.identity("bob")


@pytest.mark.parametrize("path", [kms.INIT_PATH, kms.KEYPROV_PATH])
def test_token_is_needed(world: World, path: str) -> None:
    wrong = issued(world, scope="openid 3gpp:mc:ptt_service")

    statuses = [post(world, path, token).status for token in ("", "unknown-token-1", wrong)]

    assert statuses == [403, 401, 403]


@pytest.mark.parametrize("body", [b"", b"<a", b"<KmsRequest/>", b"\xff\x00", b"<!DOCTYPE a><a/>"])
def test_malformed_request_is_answered_400(world: World, body: bytes) -> None:
    reply = post(world, kms.INIT_PATH, issued(world), body=body)

    assert reply.status == 400
    assert last_http(world).facts["kms_request_problem"]
    assert world.journal.crashes == []


def test_keys_are_not_got(world: World) -> None:
    url = world.primary.url("kms") + kms.INIT_PATH

    assert ask(world, "GET", url, token=issued(world)).status == 405


def test_answer_is_xml_that_is_not_stored(world: World) -> None:
    reply = post(world, kms.INIT_PATH, issued(world))

    assert reply.headers["Content-Type"] == kms.MEDIA_TYPE
    assert reply.headers["Cache-Control"] == "no-store"
