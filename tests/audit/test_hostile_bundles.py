"""Bundles that were made to do harm, or by another Muster: told, and nothing else happens."""

from __future__ import annotations

import base64
import zipfile
import zlib
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from muster.audit.archive import MANIFEST, SIGNATURE, canonical, new_member
from muster.audit.contents import laboratory_documents, manifest_of, served
from muster.audit.verification import Kind, Verified, verify_bundle
from muster.evidence import Json
from muster.results import read_results
from reports import html
from tests.audit.conftest import Laboratory
from tests.audit.forgery import Event, Opened, opened


@pytest.fixture
def bundle(laboratory: Laboratory, tmp_path: Path) -> Opened:
    return opened(laboratory.bundle, tmp_path)


def signed(bundle: Opened, laboratory: Laboratory, path: Path) -> Verified:
    bundle.list_again()
    bundle.sign(path, laboratory.key)
    return verify_bundle(path, laboratory.key.public_key())


@pytest.mark.parametrize(
    "name", ["../escaped", "/tmp/escaped", "a/../../escaped", "a\\..\\b", "C:x"]
)
def test_names_that_lead_elsewhere_are_not_unpacked(
    laboratory: Laboratory, bundle: Opened, tmp_path: Path, name: str
) -> None:
    bundle.files[name] = b"harm"

    made = signed(bundle, laboratory, tmp_path / "b.zip")

    assert (Kind.ALTERED, name, "is no name of a file of a bundle") in [
        (one.kind, one.where, one.told) for one in made.remarks
    ]
    assert list(tmp_path.parent.rglob("escaped")) == []
    assert not Path("/tmp/escaped").exists()


def test_member_that_is_there_twice_is_told(
    laboratory: Laboratory, bundle: Opened, tmp_path: Path
) -> None:
    signed(bundle, laboratory, tmp_path / "b.zip")
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(tmp_path / "b.zip", "a") as archive,
    ):
        archive.writestr(new_member("report.html"), b"another report")

    made = verify_bundle(tmp_path / "b.zip", laboratory.key.public_key())

    assert made.exit_code == 1


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"files": []}',
        b'{"files": {"x": {"size": "1"}}}',
        b"\xff",
    ],
)
def test_manifest_that_is_none_is_told(
    laboratory: Laboratory, bundle: Opened, tmp_path: Path, manifest: bytes
) -> None:
    bundle.files[MANIFEST] = manifest
    bundle.sign(tmp_path / "b.zip", laboratory.key)

    made = verify_bundle(tmp_path / "b.zip", laboratory.key.public_key())

    assert (MANIFEST, "is missing or not as it was written") in [
        (one.where, one.told) for one in made.of(Kind.ALTERED)
    ]


@pytest.mark.parametrize("signature", [b"", b"{}", b"[" * 100_000, b"\xff"])
def test_signature_that_is_none_is_told(
    laboratory: Laboratory, bundle: Opened, tmp_path: Path, signature: bytes
) -> None:
    bundle.files[SIGNATURE] = signature
    bundle.pack(tmp_path / "b.zip")

    made = verify_bundle(tmp_path / "b.zip", laboratory.key.public_key())

    assert SIGNATURE in [one.where for one in made.of(Kind.ALTERED)]


def test_format_of_a_newer_muster_is_named_as_that(
    laboratory: Laboratory, bundle: Opened, tmp_path: Path
) -> None:
    bundle.manifest = {**bundle.manifest, "format": 2}

    made = signed(bundle, laboratory, tmp_path / "b.zip")

    assert [(one.kind, one.where) for one in made.remarks] == [(Kind.SUITE, MANIFEST)]


def test_journal_of_a_newer_muster_is_named_as_that(
    laboratory: Laboratory, bundle: Opened, tmp_path: Path
) -> None:
    bundle.chain_again(lambda events: events[0].update(schema=99))

    made = signed(bundle, laboratory, tmp_path / "b.zip")

    assert made.of(Kind.ALTERED) == []
    assert "has schema version 99" in made.of(Kind.SUITE)[0].told


HOSTILE: dict[str, Json] = {
    "kind": "judgement",
    "check": ["\x1b[31m"],
    "requirements": [],
    "arguments": {"x": {"$type": "Window", "fields": {}}},
    "exchanges": [],
    "findings": [],
}


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": ["PASS"]},
        {"reason": {}},
        {"findings": [{"requirement": "no-such", "severity": "FAIL"}]},
        HOSTILE,
        {**HOSTILE, "check": "muster.checks.groups.asks_for_no_other_group"},
        {"kind": "step", "index": [], "text": "<script>\u202e"},
        {"kind": "exchange", "protocol": "http"},
        {"kind": "collected", "scenarios": [{"id": []}]},
    ],
)
def test_journal_that_holds_anything_is_told_not_raised(
    laboratory: Laboratory, bundle: Opened, tmp_path: Path, change: Event
) -> None:
    def edit(events: list[Event]) -> None:
        next(event for event in events if event["kind"] == "verdict").update(change)

    bundle.chain_again(edit)

    assert signed(bundle, laboratory, tmp_path / "b.zip").exit_code == 1


def test_report_that_another_zlib_packed_is_the_same(
    laboratory: Laboratory, bundle: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A report small enough to hold no packed part is given one, packed in two ways.
    def packed(level: int) -> bytes:
        data = base64.b64encode(zlib.compress(b"text " * 200, level)).decode()
        return f'<script type="{html.PACKED_DATA}" class="chunk" id="c1">{data}</script>'.encode()

    made = bundle.files["report.html"] + packed(1)
    bundle.files["report.html"] = bundle.files["report.html"] + packed(9)
    assert made != bundle.files["report.html"]
    monkeypatch.setattr(
        "muster.audit.verification.made_again",
        lambda results, *_: {
            **{name: bundle.files[name] for name in ("campaign.json", "junit.xml")},
            "report.html": made,
        },
    )

    assert signed(bundle, laboratory, tmp_path / "b.zip").remarks == []


def test_report_made_with_other_libraries_is_explained(
    laboratory: Laboratory, bundle: Opened, tmp_path: Path
) -> None:
    bundle.replace_text("report.html", b"FAIL", b"Fail")
    bundle.manifest = {**bundle.manifest, "made_with": {"Python": "3.99", "Jinja": "9"}}

    made = signed(bundle, laboratory, tmp_path / "b.zip")

    assert made.of(Kind.ALTERED) == []
    assert made.of(Kind.INCOMPLETE)[0].told.startswith("was made with Python 3.99, Jinja 9")


def test_documents_of_a_laboratory_are_bundled_as_they_were_used(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    (tmp_path / "kept.xml").write_bytes(b"<a/>")
    (tmp_path / "changed.xml").write_bytes(b"<b/>")
    used = [
        {"file": "kept.xml", "sha256": sha256(b"<a/>").hexdigest()},
        {"file": "changed.xml", "sha256": sha256(b"<another/>").hexdigest()},
        {"file": "../kept.xml", "sha256": sha256(b"<a/>").hexdigest()},
        {"file": 7},
        "nothing",
    ]
    results = read_results(laboratory.results)
    told = {"documents": {"folder": str(tmp_path), "files": used}}
    campaign = {**results.campaign, "laboratory": told}

    files, missing = laboratory_documents(replace(results, campaign=campaign))

    assert files == {"laboratory/documents/kept.xml": tmp_path / "kept.xml"}
    assert [told.split(": ")[0] for told in missing] == [
        str(tmp_path / name) for name in ("changed.xml", "../kept.xml", "7", "None")
    ]


def test_manifest_and_index_are_ascii_whatever_a_ue_sent(laboratory: Laboratory) -> None:
    results = read_results(laboratory.results)

    canonical(manifest_of(results, {"x": b"y"}, "h", False, ["\x1b\u202e"])).decode("ascii")
    served(results).decode("ascii")
