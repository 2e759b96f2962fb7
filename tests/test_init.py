"""`muster init`: what it writes is whole, commented and right, and nothing is ever replaced."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from pydantic import BaseModel

from muster.configuration import DRIVERS, SERVERS, Configuration, ReferenceChoice
from muster.ics import known_items
from muster.init_file import written
from muster.requirements import Catalogue
from muster.ue_toml import _models_in, load_configuration
from tests.conftest import ROOT, MusterCommand

ITEMS = known_items(Catalogue.load(ROOT / "fixtures" / "requirements"))


def uncommented(text: str) -> str:
    """Set every key that stands behind a # in the IXIT part and after it."""
    head, ixit, rest = text.partition("# IXIT:")
    return head + ixit + re.sub(r'(?m)^#(?=[\["\w]\S* ?=|\[)', "", rest)


def keys_of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every key that a table of the file can have, but for those of drivers."""
    for name, field in model.model_fields.items():
        inner = [one for one in _models_in(field.annotation) if name != "driver"]
        yield f"{before}{name}"
        for table in inner:
            yield from keys_of(table, f"{before}{name}.")


def present(tables: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, value in tables.items():
        yield f"{before}{name}"
        if isinstance(value, dict):
            yield from present(value, f"{before}{name}.")


@pytest.mark.parametrize("kind", DRIVERS)
def test_what_is_written_is_taken_as_it_stands(tmp_path: Path, kind: str) -> None:
    (tmp_path / "ue.toml").write_text(written(kind, ITEMS))

    read = load_configuration(tmp_path / "ue.toml")

    assert read.driver.kind == kind
    assert set(read.ics.items) == set(ITEMS)
    assert read.ics.claimed == {item for item in ITEMS if item.startswith("operation:")}


def test_every_key_of_the_model_is_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "ue-secrets.toml").write_text("")
    authority = trustme.CA()
    server = authority.issue_cert(*(f"{name}.mc1.lab.example" for name in (*SERVERS, "mc")))
    for name in ("ca.pem", "client-ca.pem"):
        authority.cert_pem.write_to_path(tmp_path / name)
    authority.private_key_pem.write_to_path(tmp_path / "ca-key.pem")
    server.cert_chain_pems[0].write_to_path(tmp_path / "primary.pem")
    server.private_key_pem.write_to_path(tmp_path / "primary-key.pem")
    text = uncommented(written("http", ITEMS))
    (tmp_path / "ue.toml").write_text(text)

    load_configuration(tmp_path / "ue.toml")

    assert set(keys_of(Configuration)) - set(present(tomllib.loads(text))) == set()


def test_every_key_of_every_driver_is_in_the_file_or_its_guide() -> None:
    text = written("reference", ITEMS) + (ROOT / "docs" / "driver.md").read_text("utf-8")
    keys = {key for model in DRIVERS.values() for key in model.model_fields}

    assert {key for key in keys if not re.search(rf"\b{key} = ", text)} == set()


def test_every_item_stands_below_its_meaning() -> None:
    text = " ".join(written("http", ITEMS).replace("\n# ", " ").split())

    assert [item for item, told in ITEMS.items() if f'{told} "{item}" = ' not in text] == []


def test_the_command_writes_once_and_checks(muster: MusterCommand, tmp_path: Path) -> None:
    first = muster("init", "--driver", "operator")
    again = muster("init")
    checked = muster("init", "--check")

    assert (first.code, again.code, checked.code) == (0, 64, 0)
    assert again.err == "muster: ue.toml is there already; name another file, or --check it\n"
    assert checked.out.startswith("ue.toml is right: Example Radio ER-1 1.0\n  driver operator")
    assert isinstance(load_configuration(tmp_path / "ue.toml").driver, ReferenceChoice) is False


def test_the_check_tells_every_mistake(muster: MusterCommand, tmp_path: Path) -> None:
    text = written("http", ITEMS).replace('url = "http://127', 'url = "ftp://127')
    text = text.replace('"ipv6" = false', '"ipv_6" = false\n"tls_1_3x" = "yes"')
    text = text.replace("#migrate = 90.0", "migrat = 90.0")
    (tmp_path / "ue.toml").write_text(text)

    ran = muster("init", "--check", "ue.toml")

    lines = [re.sub(r"^muster: ue\.toml: line \d+: ", "", line) for line in ran.err.splitlines()]
    assert ran.code == 64
    assert lines == [
        "driver.url: 'ftp://127.0.0.1:8700' is no address of a driver; write http://HOST:PORT",
        "ics.items.ipv_6: no feature or fact names this item; did you mean ipv6?",
        "ics.items.tls_1_3x: true or false is expected, not 'yes'",
        "ics.items.tls_1_3x: no feature or fact names this item; did you mean tls_1_3?",
        "ixit.operations.migrat: is no operation; did you mean migrate?",
    ]


def test_a_folder_that_is_not_there_is_told(muster: MusterCommand) -> None:
    ran = muster("init", "nowhere/ue.toml")

    assert (ran.code, ran.err) == (
        64,
        "muster: nowhere/ue.toml: cannot be written: No such file or directory\n",
    )
