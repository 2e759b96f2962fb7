"""Faults of the way: what they do to an answer, and that the journal says so."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from muster.documents.schemas import SchemaSet
from stubs.faults import HttpFault
from stubs.faults_transport import (
    AnswerLost,
    Busy,
    Chunked,
    Closing,
    CutShort,
    Late,
    MoreFields,
    MovedTo,
    OtherStatus,
    Redirect,
    move_http,
    move_sip,
    token_resource,
)
from stubs.loop import LoopThread
from stubs.world import World
from tests.stubs.stub_helpers import Reply, ask, last_http, running_world


@pytest.fixture
def world(
    tmp_path: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> Iterator[World]:
    """A world of its own: its servers misbehave."""
    with running_world(tmp_path, loop, schemas, authority) as world:
        yield world


def asked(world: World, fault: HttpFault) -> Reply:
    world.primary.faults["bootstrap"].append(fault)
    return ask(world, "GET", world.bootstrap_uri)


def test_busy_server_says_when_to_come_again_and_then_answers(world: World) -> None:
    first = asked(world, Busy(times=1, seconds=3))
    second = ask(world, "GET", world.bootstrap_uri)

    assert (first.status, first.headers["Retry-After"], second.status) == (503, "3", 200)


def test_redirection_names_its_place(world: World) -> None:
    reply = asked(world, Redirect(location="https://a.example/"))

    assert (reply.status, reply.headers["Location"]) == (307, "https://a.example/")


def test_only_requests_of_the_path_are_concerned(world: World) -> None:
    reply = asked(world, OtherStatus(path="/elsewhere", status=299))

    assert reply.status == 200


def test_other_status_comes_with_the_same_body(world: World) -> None:
    reply = asked(world, OtherStatus(status=299))

    assert reply.status == last_http(world).status == 299
    assert b"mcptt-UE-initial-configuration" in reply.body


def test_chunks_hold_the_whole_body(world: World) -> None:
    reply = asked(world, Chunked())

    assert reply.headers["Transfer-Encoding"] == "chunked"
    assert reply.body == last_http(world).response_body != b""


def test_connection_ends_with_the_answer(world: World) -> None:
    reply = asked(world, Closing())

    assert reply.headers["Connection"] == "close"


def test_more_fields_stand_beside_the_others(world: World) -> None:
    reply = asked(world, MoreFields(fields=(("X-Later", "yes"),)))

    assert (reply.headers["X-Later"], "ETag" in reply.headers) == ("yes", True)


def test_late_answer_is_the_answer(world: World) -> None:
    reply = asked(world, Late(seconds=0.01))

    assert reply.status == 200


def test_answer_breaks_off_where_it_should(world: World) -> None:
    with pytest.raises(http.client.IncompleteRead) as broken:
        asked(world, CutShort(after=b"</CMS-XCAP-root-URI>"))

    assert broken.value.partial.endswith(b"</CMS-XCAP-root-URI>")
    assert world.journal.crashes == []


def test_lost_answer_is_no_answer(world: World) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        asked(world, AnswerLost())

    assert last_http(world).status is None


def test_moved_resource_answers_at_its_new_path(world: World) -> None:
    system = world.primary
    path = f"{urlsplit(system.url('idms')).path}-2/redeem"
    system.faults["idms"].append(MovedTo(path, token_resource(system)))
    url = f"{system.url('idms')}-2/redeem"

    reply = ask(world, "POST", url, form={"grant_type": "authorization_code"})

    assert reply.json["error"] == "invalid_grant"


def test_moved_server_and_its_former_place_are_told_apart(world: World) -> None:
    former = world.primary.url("kms")

    url = world.loop.run(move_http(world.primary, "kms"))
    ask(world, "POST", f"{former}/keymanagement/identity/v1/init")

    assert urlsplit(url).path == urlsplit(former).path
    assert urlsplit(url).netloc != urlsplit(former).netloc
    assert last_http(world).server == "former kms"


def test_moved_sip_server_is_named_by_the_psi(world: World) -> None:
    before = world.primary.psi.server

    place = world.loop.run(move_sip(world.primary))

    assert world.primary.psi.server == f"{before.rpartition('@')[0]}@{place}"
    assert [retired.server for retired in world.primary.retired] == ["former sip"]
