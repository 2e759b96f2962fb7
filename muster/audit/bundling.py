"""Makes a bundle of a results folder: the record, what follows from it, manifest, signature."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from muster.audit.archive import Sign, canonical, write_archive
from muster.audit.certification import headline_of, ran_with_this_suite, reasons_against
from muster.audit.contents import (
    SERVED,
    UE_TOML,
    laboratory_documents,
    manifest_of,
    record_files,
    served,
    ue_toml,
)
from muster.audit.keys import public_raw
from muster.audit.rederive import Rederived, rederive
from muster.report_files import load_catalogue, made_again
from muster.results import read_results


class NotBundled(Exception):
    """No bundle was written; `reasons` are all of them."""

    def __init__(self, why: str, reasons: Sequence[str]) -> None:
        super().__init__(why)
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class Bundled:
    """What was written."""

    path: Path
    headline: str
    reasons: tuple[str, ...]
    """Why no certificate can rest on it."""
    notes: tuple[str, ...]
    files: int


def make_bundle(
    folder: Path, path: Path, key: Ed25519PrivateKey | None, certify: bool = False
) -> Bundled:
    """Write the bundle of a results folder, whole or not at all."""
    results, catalogue = read_results(folder), load_catalogue()
    if results.broken_chains:
        raise NotBundled("the record was changed after it was written", results.broken_chains)
    rederived = rederive(results, catalogue) if ran_with_this_suite(results) else Rederived()
    reasons = reasons_against(results, rederived, key is not None)
    if certify and reasons:
        raise NotBundled("this campaign cannot be certified", reasons)
    documents, missing = laboratory_documents(results)
    with tempfile.TemporaryDirectory() as scratch:
        derived = made_again(results, catalogue, Path(scratch))
    derived |= {SERVED: served(results), UE_TOML: ue_toml(results.campaign)}
    files: dict[str, bytes | Path] = {**record_files(results), **documents, **derived}
    headline = headline_of(results, reasons)
    manifest = manifest_of(results, files, headline, certify, reasons)
    write_archive(path, files, canonical(manifest), _signs(key) if key else None)
    return Bundled(path, headline, tuple(reasons), (*results.notes, *missing), len(files))


def _signs(key: Ed25519PrivateKey) -> Sign:
    return lambda text: (public_raw(key.public_key()), key.sign(text))
