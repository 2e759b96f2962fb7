"""Whose an identity or a URI is, by its domain: one domain may begin or end with another."""

from __future__ import annotations

import re
from collections.abc import Mapping

IDENTITY_HOST = re.compile(r"@(\w[\w.-]*)")
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def identity_hosts(text: str) -> set[str]:
    """The domains of the identities in a text: one domain may be the beginning of another."""
    return {host.lower().rstrip(".") for host in IDENTITY_HOST.findall(text)}


def named_system(text: str, domains: Mapping[str, str]) -> str:
    """The system that a URI or an identity is of; empty where it is of none.

    Of domains that lie in each other the innermost counts.
    """
    found = [
        (len(domain), name)
        for name, domain in domains.items()
        for host in HOST.findall(text.lower())
        if domain and f".{host}".endswith(f".{domain.lower()}")
    ]
    return max(found)[1] if found else ""
