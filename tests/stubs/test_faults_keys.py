"""Faults of the key server: what each of them changes in its responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from muster.protocol import kms
from stubs.faults import HttpFault
from stubs.faults_keys import KmsErrorAnswer, KmsExtension, MalformedKmsAnswer, RefusesGoodToken
from stubs.world import World
from tests.stubs.stub_helpers import issued
from tests.stubs.test_kms_server import only_keys, post

PutIn = Callable[[HttpFault], None]


@pytest.fixture
def put_in(world: World) -> Iterator[PutIn]:
    """Puts a fault into the key server of the primary system for one test."""
    live = world.primary.faults["kms"]
    yield live.append
    live.clear()


def test_error_stands_in_place_of_keys(world: World, put_in: PutIn) -> None:
    put_in(KmsErrorAnswer(kms.KEYPROV_PATH))
    token = issued(world)

    keys = kms.read_response(post(world, kms.KEYPROV_PATH, token).body)
    certificate = kms.read_response(post(world, kms.INIT_PATH, token).body)

    assert (keys.key_sets, keys.error and keys.error.code) == (None, 5)
    assert (certificate.certificate is not None, certificate.error) == (True, None)


def test_refusal_of_a_token_passes_the_error_unchanged(world: World, put_in: PutIn) -> None:
    put_in(KmsErrorAnswer(kms.KEYPROV_PATH))

    assert post(world, kms.KEYPROV_PATH).status == 403


def test_broken_response_is_no_kms_response(world: World, put_in: PutIn) -> None:
    put_in(MalformedKmsAnswer(kms.INIT_PATH))

    answer = post(world, kms.INIT_PATH, issued(world))

    assert answer.status == 200
    with pytest.raises(kms.KmsMessageError, match="not well-formed"):
        kms.read_response(answer.body)


def test_extension_leaves_the_response_readable(world: World, put_in: PutIn) -> None:
    put_in(KmsExtension())

    answer = post(world, kms.KEYPROV_PATH, issued(world))

    assert b"urn:example:of-another-namespace" in answer.body
    assert only_keys(answer).user_uri == world.primary.identity("alice")


def test_good_token_is_refused_once(world: World, put_in: PutIn) -> None:
    put_in(RefusesGoodToken(kms.KEYPROV_PATH))
    token = issued(world)

    answers = [post(world, kms.KEYPROV_PATH, token) for _ in range(2)]

    assert [answer.status for answer in answers] == [401, 200]
    assert answers[0].headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
