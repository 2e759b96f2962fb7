"""The documents that a running world serves, for each service, and who may read them."""

from dataclasses import replace
from pathlib import Path

import pytest

from muster.documents.build import Builder
from muster.documents.templates import Rendered
from muster.documents.vocabulary import SERVICES
from muster.errors import SuiteError
from muster.protocol import oidc
from muster.protocol.tokens import verify_jwt
from stubs.world import World
from tests.stubs.stub_helpers import ask, document_url, issued

UNFIT = Rendered(b'<mcptt-UE-initial-configuration xmlns="urn:example"/>', Path("unfit.xml"))
EVERY_SCOPE = oidc.scope_for(SERVICES)


def identities(world: World, user: str = "alice") -> dict[str, str]:
    return {service: world.primary.identity(user, service) for service in SERVICES}


def token_of(world: World, user: str = "alice", scope: str = EVERY_SCOPE) -> str:
    """A token whose owner has an identity for each service."""
    value = issued(world, owner=world.primary.identity(user), scope=scope)
    known = world.ledger.find(value)
    assert known is not None
    token = replace(known, identities=identities(world, user))
    world.loop.call(lambda: world.ledger.issue(token))
    return value


def documents_of(world: World, service: str) -> list[str]:
    active = world.plan.active_profile("primary", "alice", service)
    return [
        world.profile_selector("primary", "alice", active.index, service),
        world.ue_configuration_selector("primary", "alice", service),
        world.service_configuration_selector(service),
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_documents_of_each_service_are_served_in_their_media_type(
    world: World, service: str
) -> None:
    token = token_of(world)

    replies = [
        ask(world, "GET", document_url(world, "primary", "cms", selector), token=token)
        for selector in documents_of(world, service)
    ]

    assert [(reply.status, reply.headers["Content-Type"]) for reply in replies] == [
        (200, f"application/vnd.3gpp.{service}-{kind}+xml")
        for kind in ("user-profile", "ue-config", "service-config")
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_scope_of_another_service_does_not_open_a_document(world: World, service: str) -> None:
    others = token_of(world, scope=oidc.scope_for(s for s in SERVICES if s != service))

    replies = [
        ask(world, "GET", document_url(world, "primary", "cms", selector), token=others)
        for selector in documents_of(world, service)
    ]

    assert [(r.status, r.headers.get("WWW-Authenticate")) for r in replies] == [
        (403, 'Bearer error="insufficient_scope"')
    ] * 3


@pytest.mark.parametrize("service", SERVICES)
def test_profile_of_another_user_stays_closed(world: World, service: str) -> None:
    url = document_url(world, "primary", "cms", documents_of(world, service)[0])

    assert ask(world, "GET", url, token=token_of(world, "bob")).status == 403


@pytest.mark.parametrize("service", SERVICES)
def test_group_is_opened_by_the_group_scope_of_any_service(world: World, service: str) -> None:
    token = token_of(world, scope=oidc.scope_for([service]))
    url = document_url(world, "primary", "gms", world.builder.group_selector("primary", "station"))

    assert ask(world, "GET", url, token=token).status == 200


def test_account_has_an_identity_for_each_service(world: World) -> None:
    (account,) = [a for a in world.primary.accounts if a.username == world.username("alice")]

    assert account.identities == identities(world)
    assert len(set(account.identities.values())) == 3


def test_tokens_that_are_issued_name_every_identity(world: World) -> None:
    (account,) = [a for a in world.primary.accounts if a.username == world.username("alice")]
    given = world.loop.call(
        lambda: world.primary.tokens._tokens(account, world.terminal.client_id, EVERY_SCOPE)
    )

    claims = verify_jwt(str(given["id_token"]), world.primary.signing_key)
    known = world.ledger.find(str(given["access_token"]))

    assert {s: claims[f"{s}_id"] for s in SERVICES} == identities(world)
    assert known is not None
    assert all(known.belongs_to(identity) for identity in identities(world).values())


@pytest.mark.parametrize("service", SERVICES)
def test_change_of_a_service_configuration_is_a_new_version(world: World, service: str) -> None:
    selector = world.service_configuration_selector(service)
    before = world.primary.configuration.get(selector)

    after = world.on_loop(lambda: world.put_service_configuration("primary", "PT45S", service))

    assert before is not None
    assert (after.etag != before.etag, after.service) == (True, service)


def test_document_that_does_not_fit_its_schema_is_not_served(world: World) -> None:
    plan = world.plan.active_profile("primary", "alice")

    with pytest.raises(SuiteError, match=r"user-profile-index"):
        world.on_loop(lambda: world.put_profile(plan.model_copy(update={"index": 256})))


def test_document_of_the_plan_is_judged_before_it_is_served(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = replace(world.builder.initial_configuration(), render=lambda: UNFIT)
    monkeypatch.setattr(Builder, "everything", lambda self: [("primary", document)])
    world.loop.call(world.population.everything)
    stored = world.primary.bootstrap_documents.get(world.bootstrap_selector)
    assert stored is not None

    with pytest.raises(SuiteError, match=r"ue-init-config/users/.* line 1 "):
        stored.body  # noqa: B018  # reading is what judges


def test_document_that_is_changed_on_purpose_may_be_wrong(world: World) -> None:
    world.loop.call(lambda: world.put_initial_configuration(lambda body: b"nothing"))

    stored = world.primary.bootstrap_documents.get(world.bootstrap_selector)
    world.loop.call(world.put_initial_configuration)

    assert stored is not None
    assert stored.body == b"nothing"
