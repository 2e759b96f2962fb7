"""Turns what a user names (folders, feature files, scenario ids) into files and lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from muster.campaign_settings import Selected
from muster.suite import suite_root
from muster.tags import AREAS

WITH_LINE = re.compile(r"(.+\.feature):(\d+)")


class NothingThere(Exception):
    """A name that stands for no feature, or a line without a scenario."""


def select(names: Sequence[str], folder: Path) -> tuple[Selected, ...]:
    """Resolve names relative to the current folder or to features/; none: the whole suite."""
    features = suite_root() / "features"
    chosen: dict[Path, set[int] | None] = {}
    for name in names or (str(features),):
        numbered = WITH_LINE.fullmatch(name)
        path = _find(numbered.group(1) if numbered else name, folder)
        if numbered:
            lines = chosen.setdefault(path, set())
            if lines is not None:
                lines.add(_known_line(path, int(numbered.group(2)), name))
        elif path.is_dir():
            chosen.update(dict.fromkeys(feature_files(path)))
        else:
            chosen[path] = None
    if not chosen:
        raise NothingThere(f"{', '.join(names) or features}: no feature file there")
    return tuple(
        Selected(path=path, lines=tuple(sorted(lines or ()))) for path, lines in chosen.items()
    )


def feature_files(folder: Path) -> list[Path]:
    """All feature files below a folder, in the order of the UE's life."""

    def order(path: Path) -> tuple[int, str]:
        name = path.relative_to(folder).as_posix()
        area = name.partition("/")[0]
        return (AREAS.index(area) if area in AREAS else len(AREAS), name)

    return sorted(folder.rglob("*.feature"), key=order)


def feature_name(path: Path, features: Path, folder: Path) -> str:
    """Name a feature file: below features/ for the suite's own, else from where the user called."""
    if path.is_relative_to(features):
        return path.relative_to(features).as_posix()
    if path.is_relative_to(folder):
        return f"./{path.relative_to(folder).as_posix()}"
    return path.as_posix()


def _find(name: str, folder: Path) -> Path:
    root = suite_root()
    places = [(base / name).resolve() for base in (folder, root / "features", root)]
    for path in places:
        if path.is_file() and path.suffix == ".feature":
            return path
        if path.is_dir() and next(path.rglob("*.feature"), None):
            return path
    if places[0].is_dir():
        raise NothingThere(f"{name}: holds no feature file")
    if places[0].is_file():
        raise NothingThere(f"{name}: is not a feature file (*.feature)")
    raise NothingThere(f"{name}: there is no such feature, here or in the suite{_near(name)}")


def _near(name: str) -> str:
    features = suite_root() / "features"
    paths = [path.relative_to(features) for path in features.rglob("*.feature")]
    known = {path.as_posix() for path in paths} | {path.parts[0] for path in paths}
    close = get_close_matches(name, known, n=3)
    return f"; near to it: {', '.join(close)}" if close else ""


def _known_line(path: Path, line: int, name: str) -> int:
    # Imports pytest, which nothing else here needs.
    from muster.collection import FeatureFileReader

    reader = FeatureFileReader(path, path.name, ())
    entries = reader.scenarios()
    lines = sorted({entry.line for entry in entries} | {entry.scenario_line for entry in entries})
    if line not in lines and lines:
        known = ", ".join(map(str, lines))
        raise NothingThere(f"{name}: no scenario begins in that line; they begin in {known}")
    return line
