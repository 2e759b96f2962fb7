"""Verifies a bundle: its bytes, its signer, its chains, its reports and every verdict in it."""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path, PurePosixPath

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from muster import __version__
from muster.audit.archive import (
    FORMAT,
    MANIFEST,
    SIGNATURE,
    Archive,
    NoBundle,
    Signature,
    canonical,
)
from muster.audit.certification import headline_of, is_this_suite, reasons_against
from muster.audit.contents import SERVED, UE_TOML, heads, made_with, served, ue_toml
from muster.audit.journal_order import disorder, verdicts_amiss
from muster.audit.keys import fingerprint, is_signed, public_raw
from muster.audit.rederive import Rederived, rederive
from muster.evidence import Json
from muster.journal import SCHEMA_VERSION
from muster.journal_files import read_journal, read_journals
from muster.report_files import load_catalogue, made_again
from muster.requirements import Catalogue
from muster.results import Results, read_results

LARGEST_MANIFEST = 64_000_000
LARGEST_FILE = 2_000_000_000


class Kind(StrEnum):
    """What a remark is about; only the first says that something was changed."""

    ALTERED = "ALTERED"
    SIGNER = "SIGNER"
    SUITE = "SUITE"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True)
class Remark:
    """Something that keeps a bundle from being verified as a whole; `where` names the file."""

    kind: Kind
    where: str
    told: str


@dataclass
class Verified:
    """What is known of a bundle once all was looked at."""

    path: Path
    remarks: list[Remark] = field(default_factory=list)
    manifest: Mapping[str, Json] = field(default_factory=dict)
    signer: str = ""
    """Fingerprint of the key that signed; empty if nobody did."""
    rederived: Rederived | None = None
    notes: tuple[str, ...] = ()
    files: int = 0

    def tell(self, kind: Kind, where: str, told: str) -> None:
        remark = Remark(kind, where, told)
        if remark not in self.remarks:
            self.remarks.append(remark)

    def of(self, kind: Kind) -> list[Remark]:
        return [remark for remark in self.remarks if remark.kind is kind]

    @property
    def exit_code(self) -> int:
        """0 all holds; 1 something was altered; 2 something could not be verified."""
        if self.of(Kind.ALTERED):
            return 1
        return 2 if self.remarks else 0


def verify_bundle(path: Path, signer: Ed25519PublicKey | None) -> Verified:
    """Verify all of a bundle; NoBundle if the file cannot be read at all or never was one."""
    if not path.is_file():
        raise NoBundle(f"{path}: there is no such file")
    made = Verified(path)
    try:
        archive = Archive(path)
    except NoBundle as error:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                raise NoBundle(f"{path}: is no bundle of Muster") from error
        made.tell(Kind.ALTERED, path.name, str(error).removeprefix(f"{path}: "))
        return made
    try:
        _archive(archive, signer, made)
        with tempfile.TemporaryDirectory() as scratch:
            _content(archive, Path(scratch), made)
    finally:
        archive.close()
    return made


# Bytes and signature ---------------------------------------------------------------------------


def _archive(archive: Archive, signer: Ed25519PublicKey | None, made: Verified) -> None:
    for fault in archive.faults_of_form():
        where, _, told = fault.partition(": ")
        made.tell(Kind.ALTERED, where, told)
    manifest = archive.read(MANIFEST, LARGEST_MANIFEST)
    made.manifest = _manifest(manifest, made)
    signature = archive.signature
    if signature is None:
        made.tell(Kind.ALTERED, SIGNATURE, "is missing or not as it was written")
        return
    if signature.manifest != sha256(manifest or b"").hexdigest():
        made.tell(Kind.ALTERED, MANIFEST, "is not the one that the signature is for")
    _signer(signature, signer, made)


def _manifest(data: bytes | None, made: Verified) -> Mapping[str, Json]:
    try:
        told = json.loads(data or b"")
        whole = isinstance(told, dict) and canonical(told) == data
        files = told["files"] if whole else {}
        whole = whole and all(
            isinstance(one["size"], int) and isinstance(one["sha256"], str)
            for one in files.values()
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        made.tell(Kind.ALTERED, MANIFEST, "is missing or not as it was written")
        return {"files": {}}
    result: Mapping[str, Json] = told
    return result


def _signer(signature: Signature, signer: Ed25519PublicKey | None, made: Verified) -> None:
    if not signature.public_key:
        made.tell(Kind.SIGNER, SIGNATURE, "nobody signed the bundle")
        return
    made.signer = sha256(signature.public_key).hexdigest()
    if not is_signed(signature.public_key, signature.signature, signature.text):
        made.tell(Kind.ALTERED, SIGNATURE, "the signature does not fit what it is for")
    elif signer is None:
        made.tell(Kind.SIGNER, SIGNATURE, "no --signer was given: whose key it is was not judged")
    elif signature.public_key != public_raw(signer):
        made.tell(
            Kind.SIGNER,
            SIGNATURE,
            f"signed by an unknown key ({made.signer[:16]}…), not by that of --signer"
            f" ({fingerprint(signer)[:16]}…)",
        )


# Files -----------------------------------------------------------------------------------------


def _content(archive: Archive, folder: Path, made: Verified) -> None:
    if made.manifest.get("format", FORMAT) > FORMAT:
        told = f"has format {made.manifest['format']}; this version of Muster reads {FORMAT}"
        made.tell(Kind.SUITE, MANIFEST, told)
        return
    _unpack(archive, folder, made)
    signature = archive.signature
    if signature and not archive.is_as_signed(signature) and not made.of(Kind.ALTERED):
        made.tell(Kind.ALTERED, archive.path.name, "bytes between its files were changed")
    if not any(folder.glob("journal-*.jsonl")):
        made.tell(Kind.ALTERED, "journal-controller.jsonl", "the bundle holds no journal")
        return
    try:
        _chains(folder, made)
        _follows(read_results(folder), load_catalogue(), folder, made)
    except Exception as error:
        told = f"what follows from the journals cannot be made: {type(error).__name__}: {error}"
        made.tell(Kind.ALTERED, "journals", told)


def _unpack(archive: Archive, folder: Path, made: Verified) -> None:
    """Write the listed files into a folder of ours, and tell which are not as listed."""
    listed: Mapping[str, Mapping[str, Json]] = made.manifest["files"]
    made.files = len(listed)
    for name in sorted({*archive.names} - {*listed, MANIFEST, SIGNATURE}):
        made.tell(Kind.ALTERED, name, "is in the archive, but the manifest does not list it")
    present = set(archive.names)
    for name, one in listed.items():
        if name not in present:
            made.tell(Kind.ALTERED, name, "is listed by the manifest, but not in the archive")
            continue
        if not _is_inside(name):
            made.tell(Kind.ALTERED, name, "is no name of a file of a bundle")
            continue
        data = archive.read(name, LARGEST_FILE)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data or b"")
        if data is None:
            made.tell(Kind.ALTERED, name, "its content cannot be unpacked")
        elif (len(data), sha256(data).hexdigest()) != (one["size"], one["sha256"]):
            made.tell(Kind.ALTERED, name, f"its content was changed{_line(path)}")


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    plain = "\\" not in name and "\0" not in name and ":" not in name
    return plain and not path.is_absolute() and ".." not in path.parts and str(path) == name


def _line(path: Path) -> str:
    """Say in which line a changed journal breaks, if its chain tells."""
    if path.suffix != ".jsonl":
        return ""
    journal = read_journal(path)
    return f" ({journal.broken.partition(': ')[2]})" if journal.broken else ""


def _chains(folder: Path, made: Verified) -> None:
    journals = read_journals(folder)
    for journal in journals:
        if journal.broken:
            name, _, told = journal.broken.partition(": ")
            made.tell(Kind.ALTERED, name, told)
        if journal.newer:
            told = f"has schema version {journal.schema}; this version reads {SCHEMA_VERSION}"
            made.tell(Kind.SUITE, journal.name, told)
        for told in disorder(journal):
            made.tell(Kind.ALTERED, journal.name, told)
    for told in verdicts_amiss(journals):
        where, _, what = told.partition(": ")
        made.tell(Kind.ALTERED, where, what)
    if made.manifest.get("chain_heads") != heads(journals):
        made.tell(Kind.ALTERED, MANIFEST, "the heads of the chains are not those it lists")


# What follows from the journals ----------------------------------------------------------------


def _follows(results: Results, catalogue: Catalogue, folder: Path, made: Verified) -> None:
    for told in results.broken_chains:
        where, _, what = told.partition(": ")
        made.tell(Kind.ALTERED, where, what)
    made.notes = results.notes
    for name, told in _other_suites(results, made.manifest):
        made.tell(Kind.SUITE, name, told)
    if made.of(Kind.SUITE):
        return
    made.rederived = rederive(results, catalogue)
    for told in made.rederived.differences:
        where, _, what = told.partition(": ")
        made.tell(Kind.ALTERED, where, what)
    for told in made.rederived.left:
        where, _, what = told.partition(": ")
        made.tell(Kind.INCOMPLETE, where, f"not derived again: {what}")
    _reports(results, catalogue, folder, made)
    _certificate(results, made)


def _other_suites(results: Results, manifest: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield which suites differ from this one: what they made cannot be made again here."""
    told = {
        "the campaign ran": results.campaign.get("suite"),
        "the bundle was made": manifest.get("suite"),
    }
    for what, suite in told.items():
        if not is_this_suite(suite):
            version = suite.get("version", "unknown") if isinstance(suite, Mapping) else "unknown"
            same = version == __version__
            which = f"{version} with other content" if same else version
            yield (
                "suite",
                f"{what} with Muster {which}, this is {__version__}: verdicts and reports are not"
                " derived again; use that version",
            )


def _reports(results: Results, catalogue: Catalogue, folder: Path, made: Verified) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        again = made_again(results, catalogue, Path(scratch))
    again |= {SERVED: served(results), UE_TOML: ue_toml(results.campaign)}
    for name, data in again.items():
        path = folder / name
        if not path.is_file():
            made.tell(Kind.ALTERED, name, "is not in the bundle, though the journals make it")
        elif not _same(path.read_bytes(), data):
            made.tell(*_other_report(name, made.manifest))


def _same(old: bytes, new: bytes) -> bool:
    """True for equal bytes, and for reports that only another zlib compressed."""
    if old == new:
        return True
    from reports.html import unpacked

    try:
        return unpacked(old.decode()) == unpacked(new.decode())
    except (ValueError, zlib.error):
        return False


def _other_report(name: str, manifest: Mapping[str, Json]) -> tuple[Kind, str, str]:
    """Say why a report is another one: other libraries explain it, else somebody changed it."""
    told, ours = manifest.get("made_with"), made_with()
    if isinstance(told, Mapping) and told != ours:
        other = [f"{what} {told.get(what)}" for what in ours if told.get(what) != ours[what]]
        why = f"was made with {', '.join(other)}: not byte for byte what is made here"
        return Kind.INCOMPLETE, name, why
    return Kind.ALTERED, name, "is not what the journals make"


def _certificate(results: Results, made: Verified) -> None:
    assert made.rederived is not None
    reasons = reasons_against(results, made.rederived, bool(made.signer))
    told = made.manifest
    if told.get("headline") != headline_of(results, reasons):
        made.tell(Kind.ALTERED, MANIFEST, f"its headline {told.get('headline')!r} does not follow")
    if told.get("not_certifiable_because") != reasons:
        made.tell(Kind.ALTERED, MANIFEST, "its reasons against certification do not follow")
    if told.get("certified") and reasons:
        made.tell(Kind.ALTERED, MANIFEST, "it says certified, but reasons stand against that")
    if told.get("subject") != results.campaign.get("subject"):
        made.tell(Kind.ALTERED, MANIFEST, "it names another subject than the journal")
