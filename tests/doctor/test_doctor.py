"""The doctor: what is right is said, what is not is told with what to do."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import trustme

from muster.campaign_settings import CampaignSettings
from muster.doctor import quick, thorough
from muster.doctor.lines import Line, State
from muster.ue.contract import CONTRACT, OPERATIONS
from muster.ue_toml import load_configuration
from tests.conftest import MusterCommand

HEAD = '[ue]\nvendor = "Vendor"\nmodel = "Rugged One"\nsoftware = "4.2"\n\n'
AUTHORITY = trustme.CA()
DOMAIN = "mc1.lab.example"


def settings_of(folder: Path, text: str) -> CampaignSettings:
    path = folder / "ue.toml"
    path.write_text(HEAD + text)
    return CampaignSettings(
        configuration=load_configuration(path), results=Path(), features=(), folder=folder
    )


def problems(lines: Iterator[Line]) -> list[str]:
    return [line.told for line in lines if line.state is State.PROBLEM]


# Ports, addresses, names -------------------------------------------------------------------------


def test_taken_port_is_a_problem(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = settings_of(tmp_path, f'[ixit.ports]\n"primary.cms" = {port}\n')

        [line] = quick.ports(settings.ixit)

    told = f"primary.cms = {port} cannot be used on 127.0.0.1: another program listens there"
    assert (line.state, line.told) == (State.PROBLEM, told)
    assert line.todo == "end that program, or change ixit.ports"


def test_address_of_another_machine_is_a_problem(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, '[ixit.hosts]\nprimary = "203.0.113.7"\n')

    [told] = problems(quick.addresses(settings))

    assert told.startswith("primary: 203.0.113.7 cannot be used: ")


@pytest.mark.parametrize(
    ("found", "state"),
    [("127.0.0.10", State.OK), ("192.0.2.1", State.PROBLEM), (None, State.NOTE)],
)
def test_host_names_are_held_against_the_resolver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str | None, state: State
) -> None:
    def answer(name: str, port: object) -> list[tuple[object, ...]]:
        assert name == f"idms.{DOMAIN}"
        if found is None:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    text = (
        '[driver]\nkind = "operator"\n'
        f'[ixit.hosts]\nprimary = "127.0.0.10"\n[ixit.domains]\nprimary = "{DOMAIN}"\n'
    )

    [line] = quick.host_names(settings_of(tmp_path, text))

    assert line.state is state
    assert bool(line.todo) == (state is not State.OK)


# Certificates ------------------------------------------------------------------------------------


def with_certificate(folder: Path, issuer: trustme.CA, *names: str, days: float = 90) -> str:
    """Write a certificate of the primary, and return the tables that name it."""
    ends = datetime.now(UTC) + timedelta(days=days)
    leaf = issuer.issue_cert(*names, not_after=ends)
    (folder / "ca.pem").write_bytes(AUTHORITY.cert_pem.bytes())
    (folder / "primary.pem").write_bytes(leaf.cert_chain_pems[0].bytes())
    (folder / "primary.key").write_bytes(leaf.private_key_pem.bytes())
    return (
        f'[ixit.domains]\nprimary = "{DOMAIN}"\n'
        '[ixit.tls]\nauthority = "ca.pem"\n'
        'servers.primary = { certificate = "primary.pem", key = "primary.key" }\n'
    )


def test_fitting_certificate_is_told_with_its_end(tmp_path: Path) -> None:
    text = with_certificate(tmp_path, AUTHORITY, f"*.{DOMAIN}")

    lines = list(quick.certificates(settings_of(tmp_path, text)))

    assert [line.state for line in lines] == [State.NOTE, State.OK, State.OK]
    assert "authority made anew" in lines[0].told
    assert lines[2].told.startswith("primary's certificate is valid until 20")


@pytest.mark.parametrize(
    ("issuer", "names", "told"),
    [
        (AUTHORITY, ("elsewhere.example",), "Hostname mismatch"),
        (AUTHORITY, (f"bootstrap.{DOMAIN}", f"idms.{DOMAIN}"), f"not valid for 'cms.{DOMAIN}'"),
        (trustme.CA(), (f"*.{DOMAIN}",), "unable to get local issuer certificate"),
    ],
    ids=["another name", "one name is missing", "another authority"],
)
def test_certificate_that_a_ue_would_refuse_is_a_problem(
    tmp_path: Path, issuer: trustme.CA, names: tuple[str, ...], told: str
) -> None:
    text = with_certificate(tmp_path, issuer, *names)

    [found] = problems(quick.certificates(settings_of(tmp_path, text)))

    assert found.startswith("primary: a UE refuses it: ")
    assert told in found


def test_certificate_that_ends_soon_is_told_of(tmp_path: Path) -> None:
    text = with_certificate(tmp_path, AUTHORITY, f"*.{DOMAIN}", days=5.5)

    last = list(quick.certificates(settings_of(tmp_path, text)))[-1]

    assert (last.state, last.todo) == (State.NOTE, "renew it before a long campaign")
    assert last.told.endswith(": 5 days")


def test_run_refuses_certificates_that_no_ue_would_take(
    muster: MusterCommand, tmp_path: Path
) -> None:
    """With them every scenario of a wrong certificate would pass by itself."""
    (tmp_path / "ue.toml").write_text(
        HEAD + with_certificate(tmp_path, AUTHORITY, "elsewhere.example")
    )

    ran = muster("run", "--ue", "ue.toml", "bootstrap")

    assert ran.code == 64
    assert ran.err.startswith("muster: certificates: primary: a UE refuses it: Hostname mismatch")
    assert not (tmp_path / "results").exists()


# Clock -------------------------------------------------------------------------------------------


def test_clock_before_the_installation_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    class Past(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2001, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(quick, "datetime", Past)

    [told] = problems(quick.clock())

    assert told.startswith("this machine says 2001-01-01 00:00:00 UTC, which is before")


# Driver ------------------------------------------------------------------------------------------


class Control(BaseHTTPRequestHandler):
    """A vendor's control server that only says who it is."""

    told: ClassVar[dict[str, object]] = {}
    date = ""

    def do_GET(self) -> None:
        body = json.dumps(self.told).encode()
        self.send_response_only(200)
        self.send_header("Date", self.date or self.date_time_string())
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def control() -> Iterator[type[Control]]:
    class Own(Control):
        told: ClassVar[dict[str, object]] = {
            "contract": CONTRACT,
            "name": "bench",
            "operations": [one.name for one in OPERATIONS.values()],
        }

    with HTTPServer(("127.0.0.1", 0), Own) as server:
        Own.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Own
        server.shutdown()
        thread.join()


def behind(control: type[Control], tmp_path: Path, more: str = "") -> list[Line]:
    text = f'[driver]\nkind = "http"\nurl = "{control.url}"\n{more}'  # type: ignore[attr-defined]
    return list(thorough.driver(settings_of(tmp_path, text)))


def test_driver_that_is_there_is_told_with_its_version(
    control: type[Control], tmp_path: Path
) -> None:
    lines = behind(control, tmp_path)

    assert [(line.state, line.told) for line in lines] == [
        (State.OK, f"bench speaks contract {CONTRACT}"),
        (State.OK, "the driver's clock agrees with this machine's"),
    ]


def test_driver_of_another_version_is_a_problem(control: type[Control], tmp_path: Path) -> None:
    control.told = {**control.told, "contract": "9.0"}

    [line] = behind(control, tmp_path)

    assert line.state is State.PROBLEM
    assert "9.0" in line.told


def test_driver_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    text = f'[driver]\nkind = "http"\nurl = "http://127.0.0.1:{port}"\n'

    [line] = thorough.driver(settings_of(tmp_path, text))

    assert line.state is State.PROBLEM
    assert line.told.startswith(f"the driver at http://127.0.0.1:{port}/ cannot be reached: ")


def test_operation_that_is_claimed_and_missing_is_a_problem(
    control: type[Control], tmp_path: Path
) -> None:
    operations = [one.name for one in OPERATIONS.values() if one.name != "migrate"]
    control.told = {**control.told, "operations": operations}

    lines = behind(control, tmp_path, '[ics.items]\n"operation:migrate" = true\n')

    assert problems(iter(lines)) == ["it does not list migrate, which the ICS claims: NOT_RUN"]


def test_driver_with_another_time_is_a_problem(control: type[Control], tmp_path: Path) -> None:
    control.date = "Mon, 01 Jan 2001 00:00:00 GMT"

    [told] = problems(iter(behind(control, tmp_path)))

    assert told.startswith("the driver's clock and this machine's are ")


# The command -------------------------------------------------------------------------------------


def test_laboratory_without_a_ue_toml_is_fit(muster: MusterCommand) -> None:
    ran = muster("doctor")

    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[-1] == "The laboratory is fit: verdicts count."
    assert {line.split()[0] for line in lines[:-2]} == {"ok"}
    assert "exchange      the built-in UE bootstrapped: GET, 200, " in ran.out


def test_every_mistake_of_ue_toml_is_a_problem(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text('[ue]\nvendor = "V"\n[ixit]\nquiet = 1\n')

    ran = muster("doctor", "--ue", "ue.toml")

    assert ran.code == 1
    assert ran.out.count("problem  ue.toml") == 3
    assert ran.out.splitlines()[-1] == "3 problems: a campaign would not tell of the UE alone"


def test_document_that_is_not_fit_is_a_problem(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "mcptt-service-config.xml").write_text("<wrong/>")
    (tmp_path / "ue.toml").write_text(HEAD + '[ixit]\ndocuments = "documents"\n')

    ran = muster("doctor", "--ue", "ue.toml")

    assert ran.code == 1
    assert "problem  documents     mcptt-service-config.xml" in ran.out
    assert "→ correct it; muster validate FILE tells more" in ran.out
