"""Where the page is served: an address of this machine only, taken before anything starts."""

from __future__ import annotations

import ipaddress
import re
import socket

ANY_PORT = "127.0.0.1:0"
_PLACE = re.compile(r"(?:(?P<host>localhost|[0-9.]+|\[[0-9A-Fa-f:]+\]):)?(?P<port>[0-9]{1,5})")


def names_and_place(names: tuple[str, ...], page: str | None) -> tuple[tuple[str, ...], str | None]:
    """Give back the name that `--page` took along: `--page migration` means both."""
    if page is None or (
        re.fullmatch(r"(.*:)?[0-9]{1,5}", page) and not re.search(r"/|\.feature:", page)
    ):
        return names, page
    return (page, *names), ANY_PORT


class NoPlace(Exception):
    """The page cannot be served there; the message is for the user."""


def take_place(text: str) -> socket.socket:
    """Listen on HOST:PORT (or PORT, or HOST:0 for a free one); NoPlace says what is wrong."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise NoPlace(f"--page {text}: HOST:PORT of this machine is expected: 127.0.0.1:8100")
    host, port = (found["host"] or "127.0.0.1").strip("[]"), int(found["port"])
    if not is_loopback(found["host"] or host):
        raise NoPlace(
            f"--page {text}: the page is for this machine alone: 127.0.0.1, [::1] or localhost;"
            " from another one it is reached through a tunnel (ssh -L)"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    place = socket.socket(family, socket.SOCK_STREAM)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind((host, port))
        place.listen(64)
    except (OSError, OverflowError) as error:
        place.close()
        reason = getattr(error, "strerror", None) or error
        raise NoPlace(
            f"--page {text}: {reason}; choose another port, or 0 for a free one"
        ) from error
    place.setblocking(False)
    return place


def is_loopback(host: str) -> bool:
    """Whether a Host header, with or without a port, names this machine itself."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.removeprefix("[").removesuffix("]")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"
