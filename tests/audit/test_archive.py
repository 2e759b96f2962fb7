"""The archive: equal content makes equal bytes, and each byte of it is accounted for."""

from pathlib import Path

import pytest

from muster.audit.archive import Archive, NoBundle, canonical, write_archive

FILES = {"b/c": b"x", "a.txt": b"hello " * 50}
MANIFEST = canonical({"files": {}})


def test_equal_content_makes_equal_bytes(tmp_path: Path) -> None:
    write_archive(tmp_path / "one.zip", FILES, MANIFEST, None)
    write_archive(tmp_path / "two.zip", dict(reversed(FILES.items())), MANIFEST, None)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_flipped_bit_is_found_in_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    write_archive(path, FILES, MANIFEST, lambda text: (b"k" * 32, b"s" * 64))
    whole = path.read_bytes()
    unfound = []
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        if not is_found(path):
            unfound.append(place)

    assert unfound == []


def is_found(path: Path) -> bool:
    try:
        archive = Archive(path)
    except NoBundle:
        return True
    signature = archive.signature
    found = not signature or not archive.is_as_signed(signature) or any(archive.faults_of_form())
    archive.close()
    # A signature of nobody fits no key: what it is for is looked at elsewhere.
    return found or bool(signature and signature.public_key + signature.signature != SIGNED)


SIGNED = b"k" * 32 + b"s" * 64


def test_nothing_is_left_behind_where_writing_fails(tmp_path: Path) -> None:
    def fail(text: bytes) -> tuple[bytes, bytes]:
        raise OSError("no key")

    with pytest.raises(OSError, match="no key"):
        write_archive(tmp_path / "b.zip", FILES, MANIFEST, fail)

    assert list(tmp_path.iterdir()) == []


def test_member_larger_than_listed_is_not_unpacked(tmp_path: Path) -> None:
    write_archive(tmp_path / "b.zip", {"large": b"0" * 10_000_000}, MANIFEST, None)

    archive = Archive(tmp_path / "b.zip")

    assert archive.read("large", 1_000) is None
    archive.close()


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.audit.archive.MOST_MEMBERS", 1)

    with pytest.raises(NoBundle, match="up to 1 files"):
        write_archive(tmp_path / "b.zip", FILES, MANIFEST, None)

    assert list(tmp_path.iterdir()) == []
