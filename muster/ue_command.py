"""`muster ue`: a UE that comes with Muster, as a program of its own behind the http contract."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import signal
import sys

import click

from muster.ue_secrets import TOKEN_VARIABLE

USAGE = 64


@click.command("ue")
@click.option(
    "--listen", required=True, metavar="HOST:PORT", help="Where to listen; port 0: a free one."
)
@click.option(
    "--driver-name",
    "name",
    default="reference",
    show_default=True,
    metavar="NAME",
    help="reference, faulty:<x> or variant:<x>.",
)
def ue_command(listen: str, name: str) -> None:
    """Run a built-in UE as its own program, behind the http contract of drivers.

    Where MUSTER_DRIVER_TOKEN is set, requests must carry it. It ends with Ctrl-C.
    """
    from muster.ue.reference.driver import ReferenceDriver
    from muster.ue.registry import make_driver
    from muster.ue.server import serve

    host, port = _place(listen)
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token and not _is_loopback(host):
        raise click.UsageError(
            f"--listen {listen}: everybody who reaches it could drive the UE;"
            f" set {TOKEN_VARIABLE}, or listen on 127.0.0.1"
        )
    try:
        driver = make_driver(name)
    except LookupError:
        from muster.ue_toml import unknown_builtin

        raise click.UsageError(f"--driver-name: {unknown_builtin(name)}") from None
    assert isinstance(driver, ReferenceDriver)

    async def until_ended() -> None:
        task = asyncio.current_task()
        assert task
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        await serve(driver, host, port, token, lambda url: click.echo(f"UE {name} at {url}"))

    try:
        asyncio.run(until_ended())
    except asyncio.CancelledError:
        sys.exit(0)
    except OSError as error:
        driver.close()
        click.echo(f"muster: --listen {listen}: {error.strerror}", err=True)
        sys.exit(USAGE)


def _place(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise click.UsageError(f"--listen {listen}: HOST:PORT is expected, as 127.0.0.1:8700")
    return host, int(port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
