"""The recipes say nothing that `ue.toml` would refuse, and IPv6 is one of them."""

from __future__ import annotations

import re
import socket
import tomllib
from pathlib import Path

import pytest

from muster.configuration import Configuration
from muster.results import Connection
from stubs.system import available
from tests.conftest import ROOT, MusterCommand

HEAD = '[ue]\nvendor = "V"\nmodel = "M"\nsoftware = "1"\n'
RECIPES = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
TABLES = re.findall(r"```toml\n(.*?)```", RECIPES, re.DOTALL)


@pytest.mark.parametrize("table", TABLES)
def test_tables_of_the_recipes_are_taken(table: str) -> None:
    read = Configuration.model_validate(tomllib.loads(HEAD + table))

    assert read.ixit != Configuration.model_validate(tomllib.loads(HEAD)).ixit


@pytest.mark.parametrize("page", ["recipes.md", "in-ci.md"])
def test_options_of_the_pages_exist(page: str) -> None:
    from click.testing import CliRunner

    from muster.cli import muster

    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    used = re.findall(r"muster (run|serve|doctor|plan|ue) ([^`\n]*)", text)
    assert used
    for command, rest in used:
        told = CliRunner().invoke(muster, [command, "--help"]).output
        options = re.findall(r"(?<!\S)--?[a-z]+", rest.partition("#")[0].partition("||")[0])
        assert [one for one in options if one not in told] == [], command


@pytest.mark.skipif(not available("::1"), reason="this machine has no IPv6")
def test_campaign_runs_over_ipv6(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(
        f'{HEAD}[ics.items]\nipv6 = true\n[ixit.hosts]\nprimary = "::1"\n'
    )

    names = ("bootstrap/initial_configuration.feature", "migration/configuration.feature")
    ran = muster("run", "--ue", "ue.toml", *names)

    assert ran.code == 0, ran.out
    peers = {
        seen.what.details["peer"]
        for scenario in ran.results.scenarios
        for seen in scenario.events
        if isinstance(seen.what, Connection)
        and seen.what.system == "primary"
        and "peer" in seen.what.details
    }
    assert peers
    assert all(socket.inet_pton(socket.AF_INET6, peer.rpartition(":")[0]) for peer in peers)
