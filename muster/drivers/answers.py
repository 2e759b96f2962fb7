"""Reads what a driver sent as JSON, and says what it sent where it is none."""

from __future__ import annotations

import json

from muster.drivers.external import DriverFailed
from muster.ue.contract import LARGEST

SHOWN = 120
"""Characters that are shown of an answer that cannot be read."""


def read_json(data: bytes) -> object:
    """Parse an answer; DriverFailed for what is no JSON or too large."""
    if len(data) > LARGEST:
        raise DriverFailed(f"the driver answered more than {LARGEST} bytes")
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        shown = data[:SHOWN].decode("utf-8", "replace")
        raise DriverFailed(
            f"the driver answered what is no JSON: {shown!r}" if shown else "the answer is empty"
        ) from None
