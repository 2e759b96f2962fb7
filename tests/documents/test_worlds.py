"""World files: read whole, or refused with everything that is wrong."""

from pathlib import Path

import pytest

from muster.documents.worlds import WorldPlan, WorldRefused, load_world
from muster.suite import suite_root

SMALL = """
title = "Small"
[systems.primary]
plmn = "00101"
[systems.partner]
plmn = "00102"
[users.alice]
title = "Alice"
[[profiles]]
system = "primary"
user = "alice"
index = 0
name = "First"
groups = ["a"]
partners = ["partner"]
[[profiles]]
system = "primary"
user = "alice"
index = 3
name = "Second"
[[groups]]
system = "primary"
name = "a"
members = ["alice"]
"""


def read(folder: Path, text: str) -> WorldPlan:
    path = folder / "world.toml"
    path.write_text(text, encoding="utf-8")
    return load_world(path)


@pytest.mark.parametrize(
    "path", sorted((suite_root() / "fixtures" / "worlds").glob("*.toml")), ids=lambda p: p.stem
)
def test_world_of_the_suite_is_usable(path: Path) -> None:
    plan = load_world(path)

    assert "primary" in plan.systems
    assert plan.profiles_of("primary", "alice")


def test_default_world_lists_another_partner_in_each_profile() -> None:
    """So that a UE that reads the wrong profile is seen at the wrong partner."""
    plan = load_world(suite_root() / "fixtures" / "worlds" / "default.toml")

    for service in plan.services_at("primary"):
        partners = [p.partners for p in plan.profiles_of("primary", "alice", service)]
        assert len(set(partners)) == len(partners) >= 2


def test_rows_are_found_by_their_labels(tmp_path: Path) -> None:
    plan = read(tmp_path, SMALL)

    assert [p.name for p in plan.profiles_of("primary", "alice")] == ["First", "Second"]
    assert plan.profiles_of("partner", "alice") == ()
    assert plan.active_profile("primary", "alice").index == 0
    assert plan.group("primary", "a").members == ("alice",)


def test_preselected_profile_is_the_active_one(tmp_path: Path) -> None:
    plan = read(tmp_path, SMALL.replace('name = "Second"', 'name = "Second"\npreselected = true'))

    assert plan.active_profile("primary", "alice").name == "Second"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('groups = ["a"]', 'groups = ["b"]', "no group b at primary"),
        ('partners = ["partner"]', 'partners = ["other"]', "no system other"),
        ('members = ["alice"]', 'members = ["bob"]', "group a: no user bob"),
        ('user = "alice"\nindex = 3', 'user = "bob"\nindex = 3', "no such system or user"),
        ("index = 3", "index = 0", "described 2 times"),
        ("index = 3", "index = -1", "profiles.1.index"),
        ("index = 3", "number = 3", "profiles.1.number"),
        ('plmn = "00101"', "", "systems.primary.plmn"),
        ('title = "Small"', "title = ", "Invalid value"),
        ('title = "Small"', "", "title: Field required"),
    ],
)
def test_unusable_world_is_refused_with_the_reason(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in SMALL

    with pytest.raises(WorldRefused) as refused:
        read(tmp_path, SMALL.replace(old, new, 1))

    assert str(refused.value).startswith(f"{tmp_path / 'world.toml'}: ")
    assert told in str(refused.value)


def test_every_problem_is_told(tmp_path: Path) -> None:
    text = SMALL.replace('groups = ["a"]', 'groups = ["b"]').replace(
        'members = ["alice"]', 'members = ["bob"]'
    )

    with pytest.raises(WorldRefused) as refused:
        read(tmp_path, text)

    assert "no group b" in str(refused.value)
    assert "no user bob" in str(refused.value)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorldRefused, match=r"nowhere\.toml"):
        load_world(tmp_path / "nowhere.toml")
