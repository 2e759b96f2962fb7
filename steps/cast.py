"""The cast: the world of a scenario, the UE under test in it, and how far its life has come."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator

import pytest
import trustme
from pytest_bdd import given

from muster.campaign_settings import CampaignSettings
from muster.checks.reading import use_schemas
from muster.documents.schemas import SchemaSet
from muster.documents.worlds import WorldPlan, load_world
from muster.drivers.making import make_driver
from muster.journal import Journal
from muster.laboratory import schemas_of
from muster.suite import suite_root
from muster.tags import SERVICES
from muster.tls_material import TlsMaterial, load_material
from muster.ue.driver import Driver
from muster.world_options import world_options
from steps.scene import Scene, Waiting
from steps.vocabulary import phrase
from stubs.loop import LoopThread
from stubs.world import World


@pytest.fixture(scope="session")
def stub_loop() -> Iterator[LoopThread]:
    """The background loop that all stubs of this process live on."""
    loop = LoopThread()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def material(settings: CampaignSettings) -> TlsMaterial:
    """Certificates and authorities that the laboratory gives."""
    return load_material(settings.ixit.tls)


@pytest.fixture(scope="session")
def authority(material: TlsMaterial) -> trustme.CA:
    """The authority that certifies the servers, and that the UE trusts."""
    return material.authority or trustme.CA()


@pytest.fixture(scope="session")
def schemas(settings: CampaignSettings) -> SchemaSet:
    """The schemas of this campaign: what is served and what is judged goes by the same."""
    schemas = schemas_of(settings)
    use_schemas(schemas)
    return schemas


@pytest.fixture(scope="session")
def driver(settings: CampaignSettings, journal: Journal) -> Iterator[Driver]:
    """The UE under test."""
    driver = make_driver(settings, journal)
    yield driver
    driver.close()


@pytest.fixture
def world_name() -> str:
    """The world of a scenario, by its file; the sentence "a world with ..." replaces it."""
    return "default"


@pytest.fixture
def world(
    world_name: str,
    journal: Journal,
    stub_loop: LoopThread,
    schemas: SchemaSet,
    authority: trustme.CA,
    material: TlsMaterial,
    settings: CampaignSettings,
    claims: frozenset[str],
) -> Iterator[World]:
    """The world that the scenario chose, with every system running."""
    plan = _plan(world_name)
    world = World(
        plan,
        journal,
        stub_loop,
        schemas,
        authority,
        **world_options(settings.ixit, material, settings.keylog),
        fixed_passwords=settings.secrets.passwords,
        ipv6="ipv6" in claims,
        # By scenario, not by order: one alone plays in the world that it has in the campaign.
        chance=random.Random(
            f"{settings.seed} {'' if settings.ixit.same_names else journal.scenario}"
        ),
    )
    try:
        world.start()
        yield world
    finally:
        world.stop()


@pytest.fixture
def scene(
    world: World, journal: Journal, driver: Driver, settings: CampaignSettings
) -> Iterator[Scene]:
    """The world with the UE under test, freshly provisioned and switched off."""
    ixit = settings.ixit
    waiting = Waiting(ixit.answer_seconds, ixit.quiet_seconds, ixit.clock_scale)
    services = tuple(name for name in SERVICES if name in settings.claims.services)
    scene = Scene(world, journal, driver, waiting, services, services[0], ixit=ixit)
    scene.must(scene.stimulate("reset", scene.provisioning()), "the UE could not be provisioned")
    # What a UE of the scenario before still sent to a fixed address is no evidence.
    journal.disregard()
    yield scene
    # The UE leaves the world before the world ends, or its last words would be no scenario's.
    scene.leave()


@functools.cache
def _plan(name: str) -> WorldPlan:
    return load_world(suite_root() / "fixtures" / "worlds" / f"{name}.toml")


@given(phrase("a world with {world:World}"), target_fixture="world_name")
def other_world(world: str) -> str:
    """The first of all sentences, as a test demands: a world that runs is not exchanged."""
    return world


@given(phrase("{user:User}'s terminal is switched off"))
def terminal_is_switched_off(scene: Scene, user: str) -> None:
    """The state after provisioning."""


@given(phrase("{user:User}'s terminal is switched on"))
def terminal_is_switched_on(scene: Scene, user: str) -> None:
    if not scene.http(server="bootstrap"):
        scene.must(scene.stimulate("power_on"), "switching on")


@given(phrase("{user:User} is signed in at the primary system"))
def user_is_signed_in(scene: Scene, user: str) -> None:
    terminal_is_switched_on(scene, user)
    scene.must(scene.stimulate("sign_in", user, scene.credentials(user)), "signing in")


@given(phrase("{user:User} is served by the primary system"))
def user_is_served(scene: Scene, user: str) -> None:
    """As a user of the first service that the ICS claims, where nothing else was said."""
    user_is_signed_in(scene, user)
    scene.must(scene.stimulate("start_service", scene.service), "starting the service")
    scene.active = scene.active_profile("primary", user)
    scene.settled("the service at the primary was started")


@given(phrase("{user:User} uses the {service:Service} service of the primary system"))
def user_uses_a_service(scene: Scene, user: str, service: str) -> None:
    scene.service = service
    user_is_served(scene, user)


@given(phrase("{user:User} has migrated to the partner system with the {service:Service} service"))
def user_has_migrated(scene: Scene, user: str, service: str) -> None:
    user_uses_a_service(scene, user, service)
    active = scene.active_profile("primary", user)
    partner = scene.system("partner").access.system_id
    answer = scene.stimulate("migrate", service, partner, active.index)
    scene.must(answer, "migrating to the partner")
    scene.settled("the user migrated")
