"""Secrets: from a file of their own or the environment, checked, and in no results."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.campaign_settings import CampaignSettings
from muster.configuration import Configuration, WrongConfiguration
from muster.masking import Masker
from muster.ue_secrets import Secrets
from muster.ue_toml import load_configuration, load_secrets

UE = """\
[ue]
vendor = "Example Radio"
model = "ER-1"
software = "4.2"

[secrets]
file = "ue-secrets.toml"
"""


def load(folder: Path, secrets: str) -> tuple[Path, Configuration]:
    (folder / "ue.toml").write_text(UE)
    (folder / "ue-secrets.toml").write_text(secrets)
    return folder / "ue.toml", load_configuration(folder / "ue.toml")


def test_the_environment_stands_above_the_file(tmp_path: Path) -> None:
    path, read = load(tmp_path, '[users.alice]\npassword = "from-the-file"\n')
    environment = {"MUSTER_PASSWORD_BOB": "from-outside", "MUSTER_DRIVER_TOKEN": "token-value"}

    secrets = load_secrets(path, read, environment)

    assert secrets.passwords == {"alice": "from-the-file", "bob": "from-outside"}
    assert secrets.driver.token == "token-value"


def test_every_mistake_is_told_with_its_line_and_no_value(tmp_path: Path) -> None:
    path, read = load(
        tmp_path,
        '[users.alice]\npassword = "abc"\npasword = "hunter2-hunter2"\n[driver]\ntoken = 7\n',
    )

    with pytest.raises(WrongConfiguration) as refused:
        load_secrets(path, read, {})

    assert refused.value.errors == (
        "line 2: users.alice.password: is shorter than 6 characters",
        "line 3: users.alice.pasword: is not known here",
        "line 5: driver.token: a text in quotes is expected",
    )


def test_a_file_of_secrets_that_is_missing_is_told_with_the_rest(tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(UE.replace('"4.2"', "4"))

    with pytest.raises(WrongConfiguration) as refused:
        load_configuration(tmp_path / "ue.toml")

    assert refused.value.errors == (
        "line 4: ue.software: a text in quotes is expected, not 4",
        f"line 7: secrets.file: {tmp_path}/ue-secrets.toml is no file",
    )


def test_settings_tell_no_secret(tmp_path: Path) -> None:
    path, read = load(tmp_path, '[users.alice]\npassword = "hunter2-hunter2"\n')
    settings = CampaignSettings(
        configuration=read,
        results=tmp_path,
        features=(),
        folder=tmp_path,
        secrets=load_secrets(path, read, {}),
    )

    assert settings.secrets.password("alice") == "hunter2-hunter2"
    assert "hunter2" not in settings.model_dump_json() + repr(settings)


def test_a_lasting_secret_is_masked_in_the_next_scenario_too() -> None:
    masker = Masker()
    secrets = Secrets.model_validate({"users": {"alice": {"password": "hunter2-hunter2"}}})
    for value, kind in secrets.values():
        masker.register_for_good(value, kind)

    masker.register("a-token-of-this-scenario", "token")
    masker.forget()

    assert masker.mask_text("a-token-of-this-scenario") == "a-token-of-this-scenario"
    assert masker.mask_text("hunter2-hunter2").startswith("masked-password-")
