"""Certification authorities besides the one of the run, and certificates that prove nothing."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import trustme


@functools.cache
def authority_named(label: str) -> trustme.CA:
    """An authority of its own, kept for the campaign."""
    return trustme.CA(organization_name=f"Authority {label}")


def untrusted(names: Sequence[str]) -> trustme.LeafCert:
    """The right names, certified by an authority that the UE does not know."""
    return authority_named("nobody-trusts").issue_cert(*names)


def misnamed(authority: trustme.CA) -> trustme.LeafCert:
    """A certificate of the right authority for another server."""
    return authority.issue_cert("elsewhere.example")


def expired(authority: trustme.CA, names: Sequence[str]) -> trustme.LeafCert:
    """A certificate of the right authority with the right names, whose time is over."""
    return authority.issue_cert(*names, not_after=datetime.now(UTC) - timedelta(days=1))
