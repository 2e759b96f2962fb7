"""Certification authorities besides the one of the run, and certificates that prove nothing."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import trustme


@functools.cache
def authority_named(label: str) -> trustme.CA:
    """An authority of its own, kept for the campaign."""
    return trustme.CA(organization_name=f"Authority {label}")


def untrusted(names: Sequence[str]) -> ssl.SSLContext:
    """The right names, certified by an authority that the UE does not know."""
    return _context(authority_named("nobody-trusts").issue_cert(*names))


def misnamed(authority: trustme.CA) -> ssl.SSLContext:
    """A certificate of the right authority for another server."""
    return _context(authority.issue_cert("elsewhere.example"))


def expired(authority: trustme.CA, names: Sequence[str]) -> ssl.SSLContext:
    """A certificate of the right authority with the right names, whose time is over."""
    return _context(authority.issue_cert(*names, not_after=datetime.now(UTC) - timedelta(days=1)))


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    certificate.configure_cert(context)
    return context
