"""Where the five suite folders are: beside the package in a checkout, inside it once installed."""

import functools
import sys
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

FOLDERS = ("features", "steps", "stubs", "fixtures", "reports")
WRITTEN_BY_PYTHON = "__pycache__"


@functools.cache
def suite_root() -> Path:
    """Return the folder that holds features/, steps/, stubs/, fixtures/ and reports/."""
    package = Path(__file__).resolve().parent
    installed = package / "suite"
    return installed if installed.is_dir() else package.parent


def put_suite_on_path() -> Path:
    """Make `from stubs.cms import ...` mean the same in a checkout and in an installation."""
    root = suite_root()
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return root


def is_checkout() -> bool:
    """True where the suite stands beside its package, so that anybody may have edited it."""
    return suite_root() == Path(__file__).resolve().parent.parent


@lru_cache(maxsize=1)
def suite_digest() -> str:
    """SHA-256 of every file of the suite: the same in a checkout and in what is made of it."""
    package, root = Path(__file__).resolve().parent, suite_root()
    inside = package / "suite"
    files = {
        f"muster/{path.relative_to(package).as_posix()}": path
        for path in _files(package)
        if not path.is_relative_to(inside)
    }
    for folder in FOLDERS:
        for path in _files(root / folder):
            files[path.relative_to(root).as_posix()] = path
    lines = (f"{sha256(files[name].read_bytes()).hexdigest()}  {name}\n" for name in sorted(files))
    return sha256("".join(lines).encode()).hexdigest()


def _files(folder: Path) -> list[Path]:
    return [
        path for path in folder.rglob("*") if path.is_file() and WRITTEN_BY_PYTHON not in path.parts
    ]
