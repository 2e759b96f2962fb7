"""The XML schemas in use, by namespace: our own, and those a laboratory puts in their place."""

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from muster.documents.compilation import Compiled, compile_all
from muster.documents.schema_files import SchemaFile, SchemaProblem, read_folder
from muster.suite import suite_root

__all__ = ["SchemaProblem", "SchemaSet", "own_schemas"]


@dataclass(frozen=True)
class SchemaSet:
    """One schema for each namespace, compiled on first use by both engines."""

    files: dict[str, SchemaFile]
    """The schema in use for each namespace."""
    replaced: tuple[str, ...] = ()
    """Namespaces where the laboratory's schema stands in place of ours."""
    own: tuple[str, ...] = ()
    """Namespaces where our schema is in use."""
    filled: tuple[str, ...] = ()
    """Namespaces that the laboratory's folder lacks and ours fill."""
    passed_over: tuple[SchemaFile, ...] = ()
    """Schemas of a namespace for which another file was chosen."""
    identity: str = ""
    """Tells two sets with different content apart."""
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)
    _compiled: list[Compiled] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def from_directory(
        cls, own: Path, laboratory: Path | None = None, release: str | None = None
    ) -> "SchemaSet":
        """Index our schemas, and let those of the laboratory's folder replace them.

        Of several schemas for one namespace in a folder, `release` chooses by the beginning of the
        file name: `rel13` (also written `13` or `Rel-13`) takes `rel13-ue-config.xsd`. For a
        namespace without a file of that release, and without a release, a file without a release
        in its name is the newest; then the highest release; then the last name. A release that no
        file of the laboratory carries is refused.
        """
        ours, ours_over = choose(read_folder(own), release)
        theirs: dict[str, SchemaFile] = {}
        theirs_over: list[SchemaFile] = []
        if laboratory is not None:
            found = read_folder(laboratory, text_files=True)
            if not found:
                raise SchemaProblem(
                    laboratory, "", "holds no XML schema", "name a folder with .xsd files"
                )
            _refuse_unknown_release(laboratory, found, release)
            theirs, theirs_over = choose(found, release)
        files = {**ours, **theirs}
        return cls(
            files=files,
            replaced=tuple(sorted(theirs.keys() & ours.keys())),
            own=tuple(sorted(ours.keys() - theirs.keys())),
            filled=tuple(sorted(ours.keys() - theirs.keys())) if theirs else (),
            passed_over=(*ours_over, *theirs_over),
            identity=_identity(files),
        )

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Every namespace with a schema, sorted."""
        return tuple(sorted(self.files))

    @property
    def broken(self) -> dict[str, SchemaProblem]:
        """Namespaces whose schema cannot be used, with the reason; compiles if need be."""
        return self._all().broken

    def file_for(self, namespace: str) -> SchemaFile | None:
        """Return the schema file in use for a namespace."""
        return self.files.get(namespace)

    def compiled(self, namespaces: Iterable[str]) -> Compiled:
        """Return both engines' schemas for a document that has elements in these namespaces.

        There is one compilation for all: lax wildcards then see the same schemas in both engines,
        whatever the root. A namespace whose schema is broken, or imports one that is missing, is
        left out; a document that needs it raises the SchemaProblem, for otherwise a lax wildcard
        would let pass what nobody looked at.
        """
        compiled = self._all()
        for namespace in namespaces if compiled.broken else ():
            if namespace in compiled.broken:
                raise compiled.broken[namespace]
        return compiled

    def _all(self) -> Compiled:
        with self._lock:
            if not self._compiled:
                self._compiled.append(compile_all(self.files))
            return self._compiled[0]


def choose(
    candidates: list[SchemaFile], release: str | None
) -> tuple[dict[str, SchemaFile], list[SchemaFile]]:
    """Return the chosen file for each namespace, and those passed over."""
    wanted = _release_number(release)
    chosen: dict[str, SchemaFile] = {}
    passed_over: list[SchemaFile] = []
    for candidate in candidates:
        rival = chosen.get(candidate.namespace)
        if rival is None:
            chosen[candidate.namespace] = candidate
            continue
        better, worse = sorted((candidate, rival), key=lambda f: f.preference(wanted), reverse=True)
        chosen[candidate.namespace] = better
        passed_over.append(worse)
    return chosen, passed_over


def _refuse_unknown_release(folder: Path, found: list[SchemaFile], release: str | None) -> None:
    wanted = _release_number(release)
    known = sorted({file.release for file in found if file.release is not None})
    if wanted is not None and wanted not in known:
        told = ", ".join(f"rel{number}" for number in known) or "none in any file name"
        raise SchemaProblem(
            folder,
            "",
            f"holds no schema of release {wanted}",
            f"name one that it has ({told}), or leave --release out",
        )


def _release_number(release: str | None) -> int | None:
    if release is None:
        return None
    digits = release.lower().removeprefix("rel").lstrip("-_ ")
    if not digits.isdigit():
        raise ValueError(f"a release is written like rel13 or 13, not {release!r}")
    return int(digits)


def _identity(files: dict[str, SchemaFile]) -> str:
    digest = hashlib.sha256()
    for namespace in sorted(files):
        digest.update(f"{namespace}\n{files[namespace].digest}\n".encode())
    return digest.hexdigest()


def own_folder() -> Path:
    """Return the folder of the schemas that come with the suite."""
    return suite_root() / "fixtures" / "schemas"


@lru_cache(maxsize=1)
def own_schemas() -> SchemaSet:
    """Return the schemas that come with the suite, compiled once in a process."""
    return SchemaSet.from_directory(own_folder())
