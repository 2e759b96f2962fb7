"""How many files and connections this process may have open at once."""

from __future__ import annotations

import contextlib

ENOUGH = 8192
"""A UE under test may open hundreds of connections; many systems allow 256 or 1,024 at first."""


def allow_many_connections() -> None:
    """Raise the limit of open files as far as the system lets us, at most to ENOUGH."""
    try:
        import resource
    except ImportError:  # there is no such limit to raise
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
