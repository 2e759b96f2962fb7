"""`muster keygen`, `bundle` and `verify` as processes of their own."""

from __future__ import annotations

import json
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from muster.audit.contents import ue_toml
from muster.audit.keys import make_key_files
from muster.audit.verification import verify_bundle
from muster.cli import muster as muster_group
from muster.ue_toml import load_configuration
from tests.audit.conftest import Laboratory
from tests.conftest import MusterCommand

PASSWORD = {"MUSTER_KEY_PASSWORD": "a long enough one"}


def test_key_bundle_and_verify_go_together(
    laboratory: Laboratory, tmp_path: Path, muster: MusterCommand
) -> None:
    (tmp_path / "password").write_text("another long one\n")
    password = ("--password-file", "password")

    key = muster("keygen", "lab.key", *password)
    made = muster("bundle", str(laboratory.results), "--key", "lab.key", *password, "-o", "b.zip")
    right = muster("verify", "b.zip", "--signer", "lab.pub", "--json")
    make_key_files(tmp_path / "other.key", "a long enough one")
    wrong = muster("verify", "b.zip", "--signer", "other.pub")

    assert (key.code, made.code, right.code, wrong.code) == (0, 0, 0, 2)
    assert made.out.startswith("not conformant: ")
    assert json.loads(right.out)["headline"].startswith("VERIFIED")
    assert "signed by an unknown key" in wrong.out


def test_without_a_signer_nothing_is_judged_of_it(laboratory: Laboratory) -> None:
    made = verify_bundle(laboratory.bundle, None)

    assert [one.told for one in made.remarks] == [
        "no --signer was given: whose key it is was not judged"
    ]
    assert made.exit_code == 2


def test_certificate_is_refused_with_the_reasons(
    laboratory: Laboratory, tmp_path: Path, muster: MusterCommand
) -> None:
    ran = muster("bundle", str(laboratory.results), "--certify", "-o", "b.zip")

    assert ran.code == 1
    assert "not a real one" in ran.err
    assert "nobody signs the bundle" in ran.err
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("bundle", "nowhere"), "nowhere is not a folder"),
        (("bundle", "."), "holds no journal of a campaign"),
        (("bundle", ".", "--key", "lost.key"), "lost.key: cannot be read"),
        (("verify", "nowhere.zip"), "there is no such file"),
        (("verify", "text"), "is no bundle of Muster"),
        (("verify", "text", "--signer", "text"), "is no public key"),
        (("keygen", "text"), "never overwritten"),
    ],
)
def test_bad_usage_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "text").write_text("nothing")
    monkeypatch.chdir(tmp_path)

    ran = CliRunner().invoke(muster_group, arguments, env=PASSWORD)

    assert (ran.exit_code, ran.stdout) == (64, "")
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["text"]


def test_changed_record_is_not_bundled(
    laboratory: Laboratory, tmp_path: Path, muster: MusterCommand
) -> None:
    shutil.copytree(laboratory.results, tmp_path / "results")
    journal = tmp_path / "results" / "journal-main.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"FAIL"', b'"PASS"'))

    ran = muster("bundle", "results")

    assert ran.code == 1
    assert "journal-main.jsonl: line " in ran.err


def test_cut_campaign_is_bundled_and_verified_with_its_gaps(
    laboratory: Laboratory, tmp_path: Path, muster: MusterCommand
) -> None:
    """As kill -9 leaves it: no chain heads, a last line that is not whole, a body missing."""
    shutil.copytree(laboratory.results, tmp_path / "results")
    journal = tmp_path / "results" / "journal-main.jsonl"
    journal.write_bytes(journal.read_bytes()[:-3000])
    (tmp_path / "results" / "journal-controller.jsonl").unlink()
    next((tmp_path / "results" / "bodies").iterdir()).unlink()

    made = muster("bundle", "results", "-o", "b.zip")
    again = muster("verify", "b.zip")

    assert (made.code, again.code) == (0, 2)
    assert "the last line is not whole" in made.out
    assert "ALTERED" not in again.out
    assert "the journal of the controller does not say what was tested" in made.out


def test_bundle_holds_the_record_and_what_follows_from_it(laboratory: Laboratory) -> None:
    with zipfile.ZipFile(laboratory.bundle) as archive:
        names = {name for name in archive.namelist() if not name.startswith("bodies/")}
        served = json.loads(archive.read("served.json"))

        assert names == {
            *("campaign.json", "report.html", "junit.xml", "served.json", "ue.toml"),
            *("journal-controller.jsonl", "journal-main.jsonl", "manifest.json", "signature.json"),
        }
        assert all(f"bodies/{row['body']}" in archive.namelist() for row in served)


def test_ue_toml_can_be_used_again_and_holds_no_secret(tmp_path: Path) -> None:
    campaign = {
        "subject": {"vendor": 'A "vendor"\n', "model": "é", "software": "1", "driver": "reference"},
        "ics": {"services": ["mcptt"], "items": ["own_item"], "everything": False},
        "ixit": {"clock_scale": 2.0, "ports": {"primary.cms": 8443}, "documents": None},
    }
    path = tmp_path / "ue.toml"
    path.write_bytes(ue_toml(campaign))

    configuration = load_configuration(path)

    assert configuration.ue.model == "é"
    assert configuration.ixit.ports == {"primary.cms": 8443}
    secret = {"driver": {"kind": "http", "password": "hunter-22", "tokens": {"a": "hunter-23"}}}
    assert tomllib.loads(ue_toml(secret).decode())["driver"] == {
        "kind": "http",
        "password": "masked",
        "tokens": "masked",
    }
