"""Where the five suite folders are: beside the package in a checkout, inside it once installed."""

import functools
import sys
from pathlib import Path

FOLDERS = ("features", "steps", "stubs", "fixtures", "reports")


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
