"""HTTP without TLS, for UEs that speak it where they must not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from yarl import URL

from muster.ue.reference.web import address_of

PATIENCE = 2.0


async def ask_in_the_clear(
    method: str, url: URL, headers: Mapping[str, str], hosts: Mapping[str, str]
) -> None:
    """Send one request without TLS; whatever comes back is of no interest."""
    lines = [f"{method} {url.raw_path_qs} HTTP/1.1", f"Host: {url.host}:{url.port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    try:
        address = address_of(url.host or "", hosts)
        reader, writer = await asyncio.open_connection(address, url.port)
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))
        await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()
    except (OSError, TimeoutError):
        return
