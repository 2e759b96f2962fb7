"""A laboratory's documents in place of ours."""

from pathlib import Path

import pytest

from muster.documents.replaced import problems_of
from muster.documents.sample import sample_builder
from muster.documents.schemas import own_schemas
from muster.documents.templates import TemplateProblem, Templates, own_templates
from muster.documents.worlds import WorldPlan, load_world
from muster.suite import suite_root

PLAN = load_world(suite_root() / "fixtures" / "worlds" / "default.toml")


@pytest.fixture
def plan() -> WorldPlan:
    return PLAN


def put(folder: Path, name: str, *changes: tuple[str, str], of: str = "") -> Path:
    """Copy one of our templates into the folder with some of its text replaced."""
    text = (own_templates() / (of or Path(name).name)).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path) -> list[str]:
    return problems_of(folder, [PLAN], own_schemas())


def test_file_takes_the_place_of_ours_in_every_system(tmp_path: Path, plan: WorldPlan):
    file = put(tmp_path, "mcptt-service-config.xml", ("<depth>4</depth>", "<depth>7</depth>"))
    builder = sample_builder(plan, Templates(tmp_path))

    bodies = [builder.service_configuration(name, "mcptt") for name in plan.systems]

    assert all(b"<depth>7</depth>" in document.body for document in bodies)
    assert {document.template for document in bodies} == {file}
    assert problems(tmp_path) == []


def test_file_of_one_system_is_for_that_system(tmp_path: Path, plan: WorldPlan):
    put(tmp_path, "partner/mcptt-service-config.xml", ("<depth>4<", "<depth>7<"))
    builder = sample_builder(plan, Templates(tmp_path))

    served = {
        n: b"<depth>7<" in builder.service_configuration(n, "mcptt").body for n in PLAN.systems
    }

    assert served == {"primary": False, "partner": True, "neighbour": False}


def test_special_name_goes_before_the_kind(tmp_path: Path, plan: WorldPlan):
    profile = "mcptt-user-profile.xml"
    put(tmp_path, "primary/" + profile, ("<Priority>5<", "<Priority>6<"))
    put(tmp_path, "mcptt-user-profile-1.xml", ("<Priority>5<", "<Priority>7<"), of=profile)
    put(tmp_path, "group-county.xml", ("member<", "crew<"), of="group.xml")
    builder = sample_builder(plan, Templates(tmp_path))

    first, second = (builder.user_profile(p) for p in plan.profiles_of("primary", "alice"))

    assert (b"<Priority>6<" in first.body, b"<Priority>7<" in second.body) == (True, True)
    assert b"crew<" in builder.group_document("primary", "county").body
    assert b"crew<" not in builder.group_document("primary", "command").body
    assert problems(tmp_path) == []


def test_part_changes_bootstrap_and_partner_entries(tmp_path: Path, plan: WorldPlan):
    part = "parts/initial-configuration.xml"
    put(tmp_path, part, ("<T100>5<", "<T100>9<"), of=part)
    builder = sample_builder(plan, Templates(tmp_path))

    active = builder.user_profile(plan.active_profile("primary", "alice"))

    assert b"<T100>9<" in builder.initial_configuration().body
    assert b"<T100>9<" in active.body
    assert problems(tmp_path) == []


def test_all_problems_are_told_with_file_and_document(tmp_path: Path):
    put(tmp_path, "primary/mcptt-service-config.xml", ("<depth>4<", "<depth>four<"))
    put(tmp_path, "mcptt-ue-config.xml", ("{{ user.mcptt_id }}", "{{ user.mcptt }}"))

    told = problems(tmp_path)

    assert [line.split(": ")[0] for line in told] == [
        f"{tmp_path}/mcptt-ue-config.xml:3",
        *["primary/mcptt-service-config.xml (as service-config.xml of the primary system)"] * 2,
    ]


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        (
            "mcptt-user-profile.xml",
            ("<Status>", "<Status>true</Status><Status>"),
            "expected one <Status>, observed 2 (TS24484-8.3.2.1-03",
        ),
        (
            "mcptt-user-profile.xml",
            ("<uri-entry>{{ group.id }}<", "<uri-entry>sip:other@x.example<"),
            "lists the group sip:other@x.example, which the world does not have",
        ),
        (
            "mcvideo-user-profile.xml",
            ("{{ partner_list(partners, words) }}", "<anyExt/>"),
            "does not say https://cms.",
        ),
        ("mcptt-user-profile.xml", ('"{{ profile.index }}"', '"9"'), "the document name"),
        (
            "mcdata-user-profile.xml",
            ("{% if profile.preselected %}", "{% if profile.index < 99 %}"),
            "<Pre-selected-indication>: in this world the profile is not the pre-selected one",
        ),
        (
            "mcptt-user-profile.xml",
            ("{% if profile.preselected %}", "{% if profile.index > 99 %}"),
            "<Pre-selected-indication>: in this world the profile is the pre-selected one",
        ),
        (
            "mcvideo-user-profile.xml",
            ('{{ "true" if profile.enabled else "false" }}', "0"),
            "<Status>: in this world the profile is enabled",
        ),
        ("group.xml", ("{{ group.id }}", "sip:x@y.example"), "does not say sip:"),
        ("parts/initial-configuration.xml", ("<cms>{{ at.cms }}</cms>", ""), "cms"),
        ("mcdata-ue-config.xml", ("<common/>", "&nothing;"), "Entity 'nothing' not defined"),
        ("mcdata-ue-config.xml", ("<common/>", "{% if %}"), "Expected an expression"),
    ],
)
def test_document_that_cannot_serve_is_told(
    tmp_path: Path, name: str, change: tuple[str, str], told: str
):
    put(tmp_path, name, change, of=name)

    assert any(told in line for line in problems(tmp_path))


@pytest.mark.parametrize(
    "name", ["mcptt-profile.xml", "nowhere/group.xml", "primary/group-liaison.xml"]
)
def test_file_that_takes_no_place_is_told(tmp_path: Path, name: str):
    put(tmp_path, name, of="group.xml")

    told = "takes the place of no document; docs/documents.md lists the names"
    assert problems(tmp_path) == [f"{name}: {told}"]


def test_document_serves_in_every_world_that_a_scenario_may_choose(tmp_path: Path):
    three = load_world(suite_root() / "fixtures" / "worlds" / "three_partners.toml")
    put(tmp_path, "overseas/mcptt-service-config.xml", ("<depth>4<", "<depth>7<"))

    assert problems_of(tmp_path, [PLAN, three], own_schemas()) == []

    put(tmp_path, "overseas/mcptt-service-config.xml", ("<depth>4<", "<depth>four<"))

    told = problems_of(tmp_path, [PLAN, three], own_schemas())
    assert {line.split(": ")[0] for line in told} == {
        "overseas/mcptt-service-config.xml (as service-config.xml of the overseas system)"
    }


def test_document_of_another_kind_is_told(tmp_path: Path):
    put(tmp_path, "mcptt-ue-config.xml", of="mcvideo-ue-config.xml")

    assert any(
        "a mcptt-ue-config is expected, not mcvideo-ue-config" in t for t in problems(tmp_path)
    )


def test_empty_folder_is_told(tmp_path: Path):
    assert problems(tmp_path) == [f"{tmp_path}: holds no .xml file"]


def test_template_reaches_nothing_beyond_its_members(tmp_path: Path, plan: WorldPlan):
    put(tmp_path, "mcdata-ue-config.xml", ("<common/>", "{{ domain.__class__.__mro__ }}"))

    builder = sample_builder(plan, Templates(tmp_path))

    with pytest.raises(TemplateProblem):
        builder.ue_configuration("primary", "alice", "mcdata").write()
