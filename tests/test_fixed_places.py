"""Fixed addresses and ports: used as the IXIT says, and refused at once when they are taken."""

import json
import socket
import subprocess
import sys
from pathlib import Path

UE = """
[ue]
vendor = "Acme"
model = "Phone"
software = "1"

[ixit.hosts]
primary = "127.0.0.77"

[ixit.ports]
"primary.bootstrap" = {port}
"""


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "muster", "run", "--ue", "ue.toml", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.77", 0))
        port: int = probe.getsockname()[1]
        return port


def test_busy_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.77", 0))
        other.listen()
        port = other.getsockname()[1]
        (tmp_path / "ue.toml").write_text(UE.format(port=port))

        ran = run(tmp_path, "bootstrap")

    assert ran.returncode == 64
    told = f"ixit.ports: primary.bootstrap = {port} cannot be used on 127.0.0.77"
    assert ran.stderr.strip() == f"muster: {told}: another program listens there"
    assert not (tmp_path / "results").exists()


def test_fixed_place_is_where_the_server_listens(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "ue.toml").write_text(UE.format(port=port))

    ran = run(tmp_path, "-n", "2", "bootstrap/initial_configuration.feature")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "one process runs the scenarios" in ran.stdout
    journal = next((tmp_path / "results").glob("*/journal-main.jsonl"))
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    hosts = [
        dict(event["headers"])["Host"]
        for event in events
        if event["kind"] == "exchange" and event["server"] == "bootstrap"
    ]
    assert {host.rpartition(":")[2] for host in hosts} == {str(port)}
