from pathlib import Path

import pytest

from muster.documents.worlds import ServicePlan, WorldPlan, WorldRefused, load_world
from muster.suite import suite_root

SYSTEMS = 'title = "t"\n[systems.primary]\nplmn = "00101"\n[users.alice]\ntitle = "Alice"\n'
PROFILE = '[[profiles]]\nsystem = "primary"\nuser = "alice"\nname = "Duty"\n'
GROUP = '[[groups]]\nsystem = "primary"\nname = "station"\n'


@pytest.fixture(scope="module")
def default() -> WorldPlan:
    return load_world(suite_root() / "fixtures" / "worlds" / "default.toml")


def refused(tmp_path: Path, text: str) -> str:
    path = tmp_path / "world.toml"
    path.write_text(SYSTEMS + text, encoding="utf-8")
    with pytest.raises(WorldRefused) as error:
        load_world(path)
    return str(error.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize("service", ["mcptt", "mcvideo", "mcdata"])
def test_default_world_gives_alice_two_profiles_of_each_service(default: WorldPlan, service: str):
    profiles = default.profiles_of("primary", "alice", service)

    assert [profile.preselected for profile in profiles] == [False, True]
    assert [profile.partners for profile in profiles] == [("neighbour",), ("partner",)]
    assert default.active_profile("primary", "alice", service) == profiles[1]
    assert all(default.services_at(s) == ("mcptt", "mcvideo", "mcdata") for s in default.systems)


def test_profiles_are_those_of_mcptt_unless_a_service_is_named(default: WorldPlan):
    names = [profile.name for profile in default.profiles_of("primary", "alice")]

    assert names == ["Station duty", "Incident command"]


def test_no_two_profiles_share_index_or_name(default: WorldPlan):
    assert len({(p.system, p.index) for p in default.profiles}) == len(default.profiles)
    assert len({(p.system, p.name) for p in default.profiles}) == len(default.profiles)


def test_groups_serve_one_service_or_several(default: WorldPlan):
    assert default.group("primary", "county").services == ("mcptt",)
    assert default.group("primary", "helmets").services == ("mcvideo",)
    assert default.group("primary", "reports").services == ("mcdata",)
    assert default.group("primary", "station").services == ("mcptt", "mcvideo", "mcdata")


def test_service_without_settings_has_the_usual_ones(tmp_path: Path):
    path = tmp_path / "world.toml"
    path.write_text(SYSTEMS, encoding="utf-8")

    assert load_world(path).settings_of("mcvideo") == ServicePlan()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (PROFILE, "profiles.0.index: Field required"),
        (
            f'{PROFILE}index = 0\ngroups = ["nowhere"]\n',
            "mcptt profile 0 of alice at primary: no group nowhere at primary",
        ),
        (
            f'{PROFILE}index = 0\nservice = "mcvideo"\ngroups = ["station"]\n{GROUP}',
            "mcvideo profile 0 of alice at primary: the group station is not for mcvideo",
        ),
        (
            f"{PROFILE}index = 0\n" * 2,
            "mcptt profile 0 of alice at primary: described 2 times",
        ),
        (
            "".join(f"{PROFILE}index = {n}\npreselected = true\n" for n in (0, 1)),
            "mcptt profiles of alice at primary: 2 are pre-selected",
        ),
        (GROUP * 2, "group station at primary: described 2 times"),
        (f"{GROUP}services = []\n", "groups.0.services: Tuple should have at least 1 item"),
        ('[settings.mcptt]\ntime_limit = "60"\n', "settings.mcptt.time_limit: String should match"),
    ],
)
def test_world_that_contradicts_itself_is_refused(tmp_path: Path, text: str, problem: str):
    assert refused(tmp_path, text).startswith(problem)
