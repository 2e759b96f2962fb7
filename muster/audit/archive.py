"""The archive of a bundle: a ZIP file of which every byte is determined or signed.

Its last member, `signature.json`, holds the SHA-256 of all bytes before it. What ZIP writes after
it (the table of contents) follows from the rest, so that a changed byte there is found as well.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from muster.evidence import Json

FORMAT = 1
MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
STORED = (MANIFEST, SIGNATURE)
MOST_MEMBERS = 65_000
LARGEST = 4_000_000_000
"""Bytes; beyond these two a ZIP file needs another form of its table of contents."""

LOCAL = b"PK\3\4"
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")

Sign = Callable[[bytes], tuple[bytes, bytes]]
"""Takes the text that is to be signed, returns the public key (32 octets) and the signature."""


class NoBundle(Exception):
    """A file that is no bundle, or cannot become one; the message is for the user."""


@dataclass(frozen=True)
class Signature:
    """What `signature.json` says: digests of what is signed, by whom, and the signature."""

    format: int
    archive: str
    """SHA-256 of all bytes of the archive before this member."""
    manifest: str
    public_key: bytes
    """Empty: nobody signed."""
    signature: bytes

    @property
    def text(self) -> bytes:
        return signed_text(self.archive, self.manifest)

    def as_json(self) -> bytes:
        return canonical(
            {
                "format": self.format,
                "archive": self.archive,
                "manifest": self.manifest,
                "public_key": base64.b64encode(self.public_key).decode(),
                "signature": base64.b64encode(self.signature).decode(),
            }
        )


def signed_text(archive: str, manifest: str) -> bytes:
    return f"muster bundle {FORMAT}\n{archive}\n{manifest}\n".encode()


def canonical(document: Json) -> bytes:
    """Write a document in the one form that a bundle holds."""
    return (json.dumps(document, indent=1, sort_keys=True) + "\n").encode("ascii")


def signature_of(data: bytes) -> Signature | None:
    """Read `signature.json`; None unless it is exactly as it was written."""
    try:
        told = json.loads(data)
        made = Signature(
            format=told["format"],
            archive=told["archive"],
            manifest=told["manifest"],
            public_key=base64.b64decode(told["public_key"], validate=True),
            signature=base64.b64decode(told["signature"], validate=True),
        )
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return None
    return made if made.as_json() == data else None


# Writing ---------------------------------------------------------------------------------------


def write_archive(
    path: Path, files: Mapping[str, bytes | Path], manifest: bytes, sign: Sign | None
) -> None:
    """Write a bundle, whole or not at all; equal content makes equal bytes."""
    if len(files) > MOST_MEMBERS or sum(map(_size, files.values())) > LARGEST:
        raise NoBundle(f"a bundle holds up to {MOST_MEMBERS} files and 4 GB")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(handle)
    made = Path(name)
    try:
        with zipfile.ZipFile(made, "w") as archive:
            for member in sorted(files):
                data = files[member]
                _write(archive, member, data if isinstance(data, bytes) else data.read_bytes())
            _write(archive, MANIFEST, manifest)
            last = archive.infolist()[-1]
        before = made.read_bytes()[: end_of(last)]
        digests = sha256(before).hexdigest(), sha256(manifest).hexdigest()
        key, signature = sign(signed_text(*digests)) if sign else (b"", b"")
        with zipfile.ZipFile(made, "a") as archive:
            _write(archive, SIGNATURE, Signature(FORMAT, *digests, key, signature).as_json())
        made.chmod(0o644)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def _size(data: bytes | Path) -> int:
    return len(data) if isinstance(data, bytes) else data.stat().st_size


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(new_member(name), data, compresslevel=6)


def new_member(name: str) -> zipfile.ZipInfo:
    """Return the one way in which a file stands in a bundle: no time, no owner."""
    member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    member.create_system = 3
    member.external_attr = 0o644 << 16
    member.compress_type = zipfile.ZIP_STORED if name in STORED else zipfile.ZIP_DEFLATED
    return member


def end_of(member: zipfile.ZipInfo) -> int:
    """Return the place behind a member's data."""
    return member.header_offset + len(member.FileHeader()) + member.compress_size


# Reading ---------------------------------------------------------------------------------------


class Archive:
    """A bundle that is read; raises NoBundle where it cannot even be opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._data = path.read_bytes()
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise NoBundle(f"{path}: cannot be read: {error.strerror}") from error
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
            raise NoBundle(f"{path}: cannot be opened as a bundle: {error}") from error
        self.members = self._zip.infolist()

    def close(self) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        return [member.filename for member in self.members]

    def read(self, name: str, largest: int) -> bytes | None:
        """Return a member's content; None if it is damaged or larger than `largest` bytes."""
        try:
            with self._zip.open(name) as file:
                data = file.read(largest + 1)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
            return None
        except (NotImplementedError, RuntimeError, struct.error):
            return None  # a header that asks for encryption or another compression
        return data if len(data) <= largest else None

    @property
    def signature(self) -> Signature | None:
        data = self.read(SIGNATURE, 4_000)
        return signature_of(data) if data is not None else None

    def is_as_signed(self, signature: Signature) -> bool:
        """True if the bytes before the signature are those that it speaks of."""
        last = self.members[-1]
        if last.filename != SIGNATURE:
            return False
        return sha256(self._data[: last.header_offset]).hexdigest() == signature.archive

    def faults_of_form(self) -> Iterator[str]:
        """Yield what is wrong with how the archive is put together, beside what is signed."""
        if not self.members or self.members[-1].filename != SIGNATURE:
            yield f"{SIGNATURE}: it is not the last member of the archive"
            return
        for name, times in Counter(self.names).items():
            if times > 1:
                yield f"{name}: it is in the archive {times} times"
        if self._data != self._expected():
            yield f"{SIGNATURE}: what follows it (the table of contents) is not as it was written"

    def _expected(self) -> bytes:
        """Return the archive as it must be, given its members as they stand in the signed bytes."""
        at, contents, number = 0, b"", 0
        try:
            while self._data[at : at + 4] == LOCAL:
                member = _member_at(self._data, at)
                contents += _central_record(member)
                number += 1
                at = end_of(member)
            end = _END.pack(b"PK\5\6", 0, 0, number, number, len(contents), at, 0)
        except (struct.error, UnicodeError, ValueError):
            return b""
        return self._data[:at] + contents + end


def _member_at(data: bytes, at: int) -> zipfile.ZipInfo:
    """Read the local header at a place; the member is as it must stand, not as it says."""
    crc, packed, size, length = struct.unpack_from("<3LH", data, at + 14)
    made = new_member(data[at + 30 : at + 30 + length].decode())
    made.CRC, made.compress_size, made.file_size = crc, packed, size
    made.header_offset = at
    if data[at : at + 30 + length] != made.FileHeader():
        raise ValueError(f"{made.filename}: its header is not as it was written")
    return made


def _central_record(made: zipfile.ZipInfo) -> bytes:
    _, version, flags, method, time, date = struct.unpack_from("<4s5H", made.FileHeader())
    name = made.FileHeader()[30:]
    return (
        _CENTRAL.pack(
            b"PK\1\2",
            *(version & 0xFF, made.create_system, version & 0xFF, 0),
            *(flags, method, time, date),
            *(made.CRC, made.compress_size, made.file_size),
            *(len(name), 0, 0, 0, 0),
            *(made.external_attr, made.header_offset),
        )
        + name
    )


def damaged(archive: Archive, files: Mapping[str, Mapping[str, Json]]) -> Iterable[str]:
    """Yield the files of a manifest whose content is not what it lists."""
    for name, listed in files.items():
        data = archive.read(name, int(listed["size"]))
        if data is None or sha256(data).hexdigest() != listed["sha256"]:
            yield name
