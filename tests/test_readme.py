"""What the README says in numbers is so."""

import re
from pathlib import Path

from muster.campaign_settings import CampaignSettings
from muster.configuration import builtin_configuration
from muster.listing import read_selected
from muster.selection import select

ROOT = Path(__file__).resolve().parent.parent
ROWS = (
    ("bootstrap",),
    ("identity",),
    ("keys",),
    ("ue_configuration", "user_profile", "service_configuration"),
    ("group_configuration",),
    ("service_authorisation",),
    ("updates", "profile_selection"),
    ("migration",),
    ("robustness",),
)
"""The areas that each row of the README's table is about."""


def scenarios(areas: tuple[str, ...]) -> int:
    settings = CampaignSettings(
        configuration=builtin_configuration(),
        results=ROOT,
        features=select(areas, ROOT / "features"),
        folder=ROOT,
        everything=True,
    )
    return len(read_selected(settings)[0])


def test_readme_counts_the_scenarios_of_each_area() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    table = text.partition("## What is tested")[2].partition("\n## ")[0]
    told = [int(number) for number in re.findall(r"^\|.*\| (\d+) \|$", table, re.MULTILINE)]

    assert told == [scenarios(areas) for areas in ROWS]


def test_readme_links_to_files_that_are_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / "README.md").read_text("utf-8"))

    assert [link for link in links if not (ROOT / link).exists()] == []
