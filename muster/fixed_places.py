"""Fixed addresses and ports of the IXIT: looked at before anything starts."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator

from muster.configuration import CampaignSettings


class PlaceTaken(Exception):
    """A fixed port cannot be listened on; each line of the message is one of them."""


def check_fixed_places(settings: CampaignSettings) -> None:
    """Try every fixed port of the IXIT; PlaceTaken names all that cannot be had."""
    problems = list(_problems(settings))
    if problems:
        raise PlaceTaken("\n".join(problems))


def _problems(settings: CampaignSettings) -> Iterator[str]:
    ixit = settings.ixit
    hosts = ixit.addresses
    for name, port in ixit.ports.items():
        host = hosts.get(name.partition(".")[0], "127.0.0.1")
        kinds = (
            (socket.SOCK_STREAM, socket.SOCK_DGRAM)
            if name.endswith(".sip")
            else (socket.SOCK_STREAM,)
        )
        for kind in kinds:
            reason = _unavailable(host, port, kind)
            if reason:
                yield f"ixit.ports: {name} = {port} cannot be used on {host}: {reason}"
                break


def _unavailable(host: str, port: int, kind: socket.SocketKind) -> str:
    """Return why the port cannot be listened on; empty when it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, kind) as probe:
            if kind == socket.SOCK_STREAM:
                # As the servers do: a port whose last connections still linger is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        return "another program listens there" if taken else str(error.strerror)
    return ""
