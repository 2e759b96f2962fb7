"""Worlds with several partners: aliases, authorities, addresses."""

from pathlib import Path

import pytest

from muster.documents.worlds import WorldPlan, WorldRefused, load_world
from muster.suite import suite_root

WORLD = """title = "t"
[systems.primary]
plmn = "00101"
[systems.annex]
plmn = "00102"
alias_of = "{alias}"
[users.alice]
title = "Alice"
"""


@pytest.fixture(scope="module")
def plan() -> WorldPlan:
    return load_world(suite_root() / "fixtures" / "worlds" / "three_partners.toml")


def test_lists_of_the_profiles_differ(plan: WorldPlan) -> None:
    lists = {p.name: p.partners for p in plan.profiles_of("primary", "alice")}

    assert lists == {
        "Station duty": (),
        "Incident command": ("overseas", "partner"),
        "Mutual aid": ("annex", "neighbour"),
        "Border watch": ("neighbour", "overseas"),
    }


def test_no_name_or_index_of_a_partner_is_one_of_the_primary(plan: WorldPlan) -> None:
    home = [p for p in plan.profiles if p.system == "primary"]
    abroad = [p for p in plan.profiles if p.system != "primary"]

    assert {p.name for p in home}.isdisjoint(p.name for p in abroad)
    assert {p.index for p in home}.isdisjoint(p.index for p in abroad)
    assert {g.name for g in plan.groups if g.system == "primary"}.isdisjoint(
        g.name for g in plan.groups if g.system != "primary"
    )


def test_one_partner_has_an_authority_and_one_an_alias(plan: WorldPlan) -> None:
    assert {n: s.authority for n, s in plan.systems.items() if s.authority} == {
        "overseas": "overseas"
    }
    assert {n: s.alias_of for n, s in plan.systems.items() if s.alias_of} == {"annex": "partner"}


@pytest.mark.parametrize("alias", ["nowhere", "annex"])
def test_alias_of_nobody_is_refused(tmp_path: Path, alias: str) -> None:
    path = tmp_path / "world.toml"
    path.write_text(WORLD.format(alias=alias), encoding="utf-8")

    with pytest.raises(WorldRefused, match=f"system annex: an alias of {alias}"):
        load_world(path)
