"""The file that takes the secrets of TLS connections: whoever reads it reads everything."""

from __future__ import annotations

import os
from pathlib import Path


class KeylogRefused(Exception):
    """The key log cannot be written; the message names the file and the reason."""


def prepare_keylog(path: Path | None) -> None:
    """Make the file for its owner alone, before anything starts; what it holds stays."""
    if path is None:
        return
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError as error:
        raise KeylogRefused(f"--keylog {path}: cannot be written: {error.strerror}") from error
