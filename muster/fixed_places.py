"""Fixed addresses and ports of the IXIT: looked at before anything starts."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator, Mapping

from muster.campaign_settings import CampaignSettings


class PlaceTaken(Exception):
    """A fixed port cannot be listened on; each line of the message is one of them."""


def check_fixed_places(settings: CampaignSettings) -> None:
    """Try every fixed port of the IXIT; PlaceTaken names all that cannot be had."""
    check_places(settings.ixit.addresses, settings.ixit.ports, "ixit.ports: ")


def check_places(hosts: Mapping[str, str], ports: Mapping[str, int], where: str = "") -> None:
    """Try every port; PlaceTaken names all that cannot be had, after the words `where`."""
    problems = list(problems_of_places(hosts, ports))
    if problems:
        raise PlaceTaken("\n".join(where + problem for problem in problems))


def problems_of_places(hosts: Mapping[str, str], ports: Mapping[str, int]) -> Iterator[str]:
    """Say which port by "system.server" cannot be listened on, and why."""
    for name, port in ports.items():
        host = hosts.get(name.partition(".")[0], "127.0.0.1")
        kinds = (
            (socket.SOCK_STREAM, socket.SOCK_DGRAM)
            if name.endswith(".sip")
            else (socket.SOCK_STREAM,)
        )
        for kind in kinds:
            reason = _unavailable(host, port, kind)
            if reason:
                yield f"{name} = {port} cannot be used on {host}: {reason}"
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
