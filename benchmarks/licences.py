"""Licences of all that is installed with Muster, or to test it: `make licences` writes the page.

The packages are those of the lock; their licences are what their own metadata says, in SPDX words.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements-test.txt"
PAGE = ROOT / "docs" / "licences.md"
NAME = "muster-mcx"

WORDS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Python Software Foundation License": "PSF-2.0",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
}
"""What older metadata says, in SPDX words."""
FREE = frozenset(
    ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0"]
)
"""Licences that ask for no more than a notice."""
UNCHANGED = frozenset(["MPL-1.1", "MPL-2.0", "LGPL-2.1-or-later", "LGPL-3.0-or-later"])
"""Licences that ask for the source of changes to the package: Muster changes and ships none."""

INTRODUCTION = """\
Muster itself is Apache-2.0, and its wheel holds nothing of others: what it needs is installed from
the package index. These are the packages of the lock (`requirements-test.txt`), with the licence
that each states in its metadata. *run* comes with `pip install muster-mcx`, *pdf* with the extra
`muster-mcx[pdf]`, *test* is needed to develop. A package under MPL or LGPL is used unchanged.
"""


@dataclass(frozen=True)
class Package:
    """One package of the lock."""

    name: str
    version: str
    licence: str
    """SPDX expression; empty where the package does not say."""
    use: str
    """run, pdf or test."""

    @property
    def is_allowed(self) -> bool:
        """Whether Muster may need it: one of the alternatives binds to no more than its notice."""
        alternatives = [part.split(" AND ") for part in self.licence.split(" OR ")]
        return any(all(word in FREE | UNCHANGED for word in each) for each in alternatives)


def normal(name: str) -> str:
    """The name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: Path = LOCK) -> dict[str, str]:
    """Name and version of each package of the lock that this platform takes."""
    found = {}
    for line in lock.read_text("utf-8").splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            wanted = Requirement(line.rstrip("\\ "))
            if wanted.marker is None or wanted.marker.evaluate():
                (specifier,) = wanted.specifier
                found[normal(wanted.name)] = specifier.version
    return found


def needed(extras: Iterable[str] = ()) -> set[str]:
    """The names of all that an installation with these extras brings along."""
    found: set[str] = set()
    waiting = [(NAME, frozenset(extras))]
    while waiting:
        name, wanted = waiting.pop()
        for text in importlib.metadata.requires(name) or ():
            requirement = Requirement(text)
            marker = requirement.marker
            applies = marker is None or any(
                marker.evaluate({"extra": extra}) for extra in wanted | {""}
            )
            key = normal(requirement.name)
            if applies and key not in found:
                found.add(key)
                waiting.append((key, frozenset(requirement.extras)))
    return found


def licence_of(name: str) -> str:
    """What the metadata of an installed package says, as an SPDX expression."""
    metadata = importlib.metadata.metadata(name)
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    told = metadata["License"].strip() if "License" in metadata else ""
    classifiers = [
        line.rpartition("::")[2].strip()
        for line in metadata.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    if classifiers:
        return " OR ".join(sorted({WORDS.get(word, word) for word in classifiers}))
    return WORDS.get(told, told.splitlines()[0] if told else "")


def packages() -> list[Package]:
    """Every package of the lock."""
    run, pdf = needed(), needed(["pdf"])
    return [
        Package(
            name,
            version,
            licence_of(name),
            "run" if name in run else "pdf" if name in pdf else "test",
        )
        for name, version in sorted(locked().items())
    ]


def render(found: Iterable[Package]) -> str:
    """The page."""
    rows = [f"| {p.name} | {p.version} | {p.licence} | {p.use} |" for p in found]
    return "\n".join(
        [
            "# Licences",
            "",
            INTRODUCTION,
            "| package | version | licence | use |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def main() -> int:
    found = packages()
    PAGE.write_text(render(found), "utf-8")
    refused = [f"{p.name}: {p.licence or 'no licence stated'}" for p in found if not p.is_allowed]
    print("\n".join(refused) or f"{len(found)} packages, all with a licence that Muster may need")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
