"""Names that no verified text gives stand in one table, and no FAIL rests on them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.documents.build import Builder
from muster.documents.judging import judge
from muster.documents.sample import sample_builder
from muster.documents.schemas import own_schemas
from muster.documents.vocabulary import MCDATA_PROFILE_CHILDREN, Name, weak_names
from muster.documents.worlds import load_world
from muster.suite import suite_root

ROOT = suite_root()
# The UEs that come with the suite know nothing of its tables; the other two only list names.
OTHERS = ("muster/ue", "muster/documents/vocabulary.py", "muster/documents/releases.py")


def sources() -> Iterator[Path]:
    for folder, ending in (("muster", "py"), ("stubs", "py"), ("steps", "py"), ("fixtures", "xml")):
        for path in (ROOT / folder).rglob(f"*.{ending}"):
            if not str(path.relative_to(ROOT)).startswith(OTHERS):
                yield path


def provisional() -> list[Name]:
    recalled = {name.text for name in MCDATA_PROFILE_CHILDREN}
    return [
        name
        for what, names in weak_names().items()
        for name in names
        # Of the roots, and of what embeds a whole document, other texts give the same name.
        if name.basis == "provisional"
        and name.text not in recalled
        and what != "root"
        and name.text != "mcptt-UE-initial-configuration"
    ]


@pytest.mark.parametrize("name", provisional(), ids=lambda name: name.text)
def test_provisional_name_stands_in_the_vocabulary_alone(name: Name):
    whole = re.compile(rf"(?<![\w.:-]){re.escape(name.text)}(?![\w.:-])")

    assert [path for path in sources() if whole.search(path.read_text("utf-8"))] == []


def test_documents_follow_the_vocabulary(monkeypatch: pytest.MonkeyPatch):
    builder: Builder = sample_builder(load_world(ROOT / "fixtures" / "worlds" / "default.toml"))
    plan = builder.plan.active_profile("primary", "alice", "mcdata")
    words = {"mcdata": Name("OtherGroups", "a text that a laboratory holds", ())}

    monkeypatch.setattr("muster.documents.build.GROUP_LIST", words)

    assert b"<OtherGroups>" in builder.user_profile(plan).body


@pytest.mark.parametrize(
    ("service", "example", "convicting"),
    [
        ("mcptt", "partner-listed-twice", False),
        ("mcptt", "partner-server-address-empty", False),
        ("mcptt", "partner-under-the-root", False),
        ("mcvideo", "partner-listed-twice", True),
        ("mcvideo", "partner-server-address-empty", True),
        ("mcvideo", "partner-under-the-root", False),
        ("mcdata", "partner-listed-twice", False),
    ],
)
def test_partner_is_judged_only_as_well_as_its_names_are_known(
    service: str, example: str, convicting: bool
):
    folder = Path(__file__).parent / "rule-breaking" / f"{service}-user-profile"
    judged = judge(example, (folder / f"{example}.xml").read_bytes(), own_schemas())

    assert judged.rules is not None
    assert len(judged.rules.problems) > 0
    assert judged.good != convicting
