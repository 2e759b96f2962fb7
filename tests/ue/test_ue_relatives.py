"""Each faulty UE can be told from the reference on the wire; each variant lives the whole life."""

import pytest
from lxml import etree

from muster.ue.driver import DONE, Driver
from muster.ue.variants import VARIANTS
from tests.ue.fake_system import FakeSystem
from tests.ue.world import ALICE, World, partner_list

PARTNER = "sip:partner.example"
SHOWN = [
    "authorises_before_groups_at_partner",
    "fetches_primary_groups_while_migrated",
    "ignores_preselected_mark",
    "malformed_mcptt_info",
    "no_pkce",
    "primary_token_at_partner_cms",
    "sends_token_in_url",
    "skips_a_profile_group",
    "wrong_ue_configuration_name",
]
"""Faults that a life with sound servers shows; `muster prove` has the occasions of the others."""

LIVED = [
    name
    for name in VARIANTS
    if name not in ("authentication_by_post", "by_group", "groups_by_post", "whole_global_tree")
]
"""Variants that the fake systems here can serve."""


def live(world: World, ue: Driver) -> None:
    """A life that gives every fault its occasion; what is refused is passed over."""
    ue.power_on()
    ue.sign_in("alice", ALICE)
    ue.start_service("mcptt")
    groups = ["sip:b@primary.example", "sip:a@primary.example"]
    world.primary.put_profile(2, groups, marked=True, partners=partner_list(world.partner))
    world.loop.run(world.primary.notify("cms"))
    ue.quiet(10)
    ue.migrate("mcptt", PARTNER, 1)
    ue.migrate("mcptt", PARTNER, 2)
    ue.quiet(10)


def trace(world: World) -> list[object]:
    """All that an onlooker can tell UEs apart by, without what is new in each run."""
    return [*_seen(world.primary, world), *_seen(world.partner, world)]


def _seen(system: FakeSystem, world: World) -> list[object]:
    asked = system.authorization
    return [
        [line.replace(str(system.sip_port), "PORT") for line in system.seen],
        [_http(raw, headers, world) for raw, headers in system.http],
        [_elements(request.body) for request in system.sip if request.method == "PUBLISH"],
        sorted(asked),
    ]


def _http(raw: str, headers: dict[str, str], world: World) -> tuple[object, ...]:
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    owners = [s.name for s in (world.primary, world.partner) if token in s.valid_tokens]
    return "access_token=" in raw, bool(token), owners, "If-None-Match" in headers


def _elements(body: bytes) -> list[str]:
    if not body:
        return []
    start, end = body.find(b"<mcpttinfo"), body.find(b"</mcpttinfo>")
    info = etree.fromstring(body[start : end + len(b"</mcpttinfo>")])
    index = body.partition(b"user-profile-index>")[2].partition(b"user-profile-index>")
    return [str(element.tag) for element in info.iter()] + [index[2][:2].decode()]


@pytest.fixture(scope="module")
def sound() -> list[object]:
    """Filled in by the first test that needs it, since worlds live for one test."""
    return []


def test_sound_ue_shows_the_same_twice(world: World, other_world: World) -> None:
    for cast in (world, other_world):
        driver = cast.make()
        live(cast, driver)
        driver.close()

    assert trace(world) == trace(other_world)


@pytest.mark.parametrize("name", SHOWN)
def test_fault_shows_on_the_wire(
    world: World, other_world: World, sound: list[object], name: str
) -> None:
    if not sound:
        reference = other_world.make()
        live(other_world, reference)
        reference.close()
        sound.extend(trace(other_world))
    faulty = world.make(f"faulty:{name}")
    live(world, faulty)
    faulty.close()

    assert trace(world) != sound


def test_reused_state_shows_in_two_sign_ins(world: World) -> None:
    faulty = world.make("faulty:reuses_state")
    states = []
    faulty.power_on()
    for _ in range(2):
        assert faulty.sign_in("alice", ALICE) == DONE
        states.append(world.primary.authorization["state"])
    faulty.close()

    assert states[0] == states[1]


def test_reused_verifier_shows_in_two_sign_ins(world: World) -> None:
    faulty = world.make("faulty:reuses_verifier")
    challenges = []
    faulty.power_on()
    for _ in range(2):
        assert faulty.sign_in("alice", ALICE) == DONE
        challenges.append(world.primary.authorization["code_challenge"])
    faulty.close()

    assert challenges[0] == challenges[1]


@pytest.mark.parametrize("name", LIVED)
def test_variant_lives_the_whole_life(world: World, name: str) -> None:
    driver = world.make(f"variant:{name}")
    answers = [
        driver.power_on(),
        driver.sign_in("alice", ALICE),
        driver.start_service("mcptt"),
        driver.select_profile("mcptt", 1),
        driver.migrate("mcptt", PARTNER, 2),
        driver.return_home(),
        driver.power_off(),
    ]
    driver.close()

    assert answers == [DONE] * 7
