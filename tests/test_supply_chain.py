"""What is installed with Muster is pinned and free to use, and its wheel is its source alone."""

import hashlib
from pathlib import Path

import pytest

from benchmarks import licences, supply_chain


def test_wheel_is_the_same_wherever_and_whenever_it_is_built(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "another").mkdir()

    first = supply_chain.build(tmp_path / "one", 1_500_000_000, 0o644)
    second = supply_chain.build(tmp_path / "another", 1_750_000_000, 0o600)

    assert first.name == second.name
    assert (
        hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest()
    )


def test_every_package_of_the_lock_has_the_hashes_of_its_files() -> None:
    assert len(licences.locked()) > 50
    assert supply_chain.without_hash() == []


def test_package_without_hash_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("attrs==1 \\\n    --hash=sha256:00\nclick==8\n")
    monkeypatch.setattr(licences, "LOCK", lock)

    assert supply_chain.without_hash() == ["click"]


def test_page_of_licences_is_current_and_each_is_allowed() -> None:
    """`make licences` writes it anew."""
    found = licences.packages()

    assert [package.name for package in found if not package.is_allowed] == []
    assert licences.PAGE.read_text("utf-8") == licences.render(found)


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("GPL-2.0-or-later OR MPL-1.1", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("", False),
    ],
)
def test_one_alternative_has_to_be_free_to_use(licence: str, allowed: bool) -> None:
    assert licences.Package("x", "1", licence, "run").is_allowed is allowed
