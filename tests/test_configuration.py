"""`ue.toml`: what it may say, and how every mistake in it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.campaign_settings import CampaignSettings, Selected
from muster.configuration import Configuration, Ixit, WrongConfiguration, builtin_configuration
from muster.ue_toml import load_configuration

WHOLE = """\
[ue]
vendor = "Example Radio"
model = "ER-1"
software = "4.2"

[driver]
kind = "reference"
name = "variant:escaped_xui"

[ics]
services = ["mcptt", "mcdata"]
items = ["reads_mcptt_migration_elements", "operation:migrate"]

[ixit]
clock_scale = 2
answer_seconds = 5.5

[ixit.ports]
"primary.cms" = 8443
"partner.sip" = 5060
"""


def load(tmp_path: Path, text: str) -> Configuration:
    path = tmp_path / "ue.toml"
    path.write_text(text, encoding="utf-8")
    return load_configuration(path)


def errors_of(tmp_path: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(WrongConfiguration) as refused:
        load(tmp_path, text)
    return refused.value.errors


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    read = load(tmp_path, WHOLE)

    assert read.ue.model == "ER-1"
    assert read.driver.name == "variant:escaped_xui"
    assert read.ics.services == ("mcptt", "mcdata")
    assert read.ixit == Ixit(
        clock_scale=2.0,
        answer_seconds=5.5,
        quiet_seconds=2.0,
        ports={"primary.cms": 8443, "partner.sip": 5060},
    )


def test_settings_survive_the_way_to_another_process(tmp_path: Path) -> None:
    settings = CampaignSettings(
        configuration=load(tmp_path, WHOLE),
        results=tmp_path,
        features=(Selected(path=tmp_path / "x.feature", lines=(3, 9)),),
        folder=tmp_path,
    )

    assert CampaignSettings.model_validate_json(settings.model_dump_json()) == settings


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = """\
[ue]
vendor = ""
model = 7
colour = "red"

[driver]
kind = "reference"
name = "faulty"

[ics]
services = ["mcptt", "mcvoice"]
items = "all"

[ixit]
clock_scal = 1.0
documents = "nowhere"
answer_seconds = "ten"
quiet_seconds = -1

[ixit.ports]
"primary.cms" = 70000
"primary.web" = 80

[extra]
"""

    assert errors_of(tmp_path, text) == (
        "line 1: ue.software: is missing",
        "line 2: ue.vendor: must not be empty",
        "line 3: ue.model: a text in quotes is expected, not 7",
        "line 4: ue.colour: is not known here; there are: vendor, model, software",
        "line 8: driver.name: 'faulty' is no built-in UE; write reference, faulty:<name> or"
        " variant:<name>",
        "line 11: ics.services.1: should be 'mcptt', 'mcvideo' or 'mcdata', not 'mcvoice'",
        "line 12: ics.items: a table is expected, not 'all'",
        "line 15: ixit.clock_scal: is not known here; did you mean clock_scale?",
        f"line 16: ixit.documents: {tmp_path}/nowhere is no folder",
        "line 17: ixit.answer_seconds: a number is expected, not 'ten'",
        "line 18: ixit.quiet_seconds: should be greater than or equal to 0, not -1",
        "line 21: ixit.ports.primary.cms: should be less than or equal to 65535, not 70000",
        "line 22: ixit.ports.primary.web: is no server; name primary.<server> or"
        " partner.<server>, of bootstrap, idms, cms, gms, kms, sip",
        "line 24: extra: is not known here; there are: ue, driver, ics, ixit, secrets",
    )


def test_two_servers_on_one_port_and_a_negated_item_are_refused(tmp_path: Path) -> None:
    text = WHOLE.replace("5060", "8443").replace("operation:migrate", "not-this")

    assert errors_of(tmp_path, text) == (
        "line 12: ics.items.not-this: 'not-this' cannot be an item; an item is a word such as"
        " service_authorisation_by_publish, and does not begin with not-",
        "line 18: ixit.ports: 8443 stands twice; each needs its own",
    )


def test_a_file_that_is_not_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    (told,) = errors_of(tmp_path, '[ue]\nvendor = "x\n')

    assert told.startswith("is not TOML: ")
    assert "line 2" in told


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongConfiguration, match="cannot be read: No such file"):
        load_configuration(tmp_path / "ue.toml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_bytes(b'[ue]\nvendor = "caf\xe9"\n')

    with pytest.raises(WrongConfiguration, match="is not UTF-8"):
        load_configuration(tmp_path / "ue.toml")


def test_without_a_file_a_built_in_ue_is_tested() -> None:
    assert builtin_configuration().builtin
    assert builtin_configuration("faulty:no-pkce").driver.name == "faulty:no-pkce"


def test_an_unknown_built_in_ue_is_refused() -> None:
    with pytest.raises(WrongConfiguration, match="'mine' is no built-in UE"):
        builtin_configuration("mine")
