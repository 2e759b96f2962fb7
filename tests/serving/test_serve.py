"""Systems that stand still: what is provisioned, what is told, and documents that are edited."""

from __future__ import annotations

import json
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trustme

from muster.journal_files import read_journal
from muster.ue.driver import Driver
from tests.conftest import MusterCommand
from tests.serving.conftest import Serving, in_service, ixit, provisioned

Serve = Callable[..., Serving]
PROFILE = "primary/alice/mcptt-user-profile-1.xml"


def fetched(served: Serving, name: str) -> list[tuple[str, bytes]]:
    """ETag and body of every answer that carried the document of that name."""
    [journal] = served.folder.glob("journals/*")

    def is_of_it(event: dict[str, Any]) -> bool:
        return str(event.get("facts", {}).get("document", "")).endswith(name)

    return [
        (
            dict(event["response_headers"])["ETag"],
            (journal / "bodies" / event["response_body"]).read_bytes(),
        )
        for event in served.events
        if is_of_it(event) and event["status"] == 200
    ]


def test_ue_lives_with_what_the_folder_says(serve: Serve, ue: Driver) -> None:
    """From bootstrap to the partner and off; the line of each exchange, and a journal."""
    served = serve()
    in_service(ue, served)
    partner = served.provisioning["systems"]["partner"]["system_id"]
    assert ue.migrate("mcptt", partner, 1).is_done
    assert ue.power_off().is_done

    served.comes(r"→ primary +bootstrap 200 GET +primary/initial-configuration.xml  [\d,]+ B")
    served.comes(r"→ primary +idms +200 POST +/idms/token  authorization_code")
    served.comes(rf"→ primary +cms +200 GET +{PROFILE}  alice's token, [\d,]+ B")
    served.comes(r"← primary +sip +200 NOTIFY +primary/\S+\.xml  ")
    served.comes(r"→ partner +idms +200 POST +/idms/token  jwt-bearer")
    served.comes(r"→ partner +gms +200 GET +partner/group-joint.xml  alice's token")
    assert served.end() == 0
    assert served.lines[-1].startswith("ended; the journal is in served/journals/")

    [path] = served.folder.glob("journals/*/journal-serve.jsonl")
    journal = read_journal(path)
    assert (journal.broken, journal.notes) == ("", ())
    assert {event["kind"] for event in journal.events} >= {"exchange", "connection"}
    assert journal.events[-1]["kind"] == "journal-closed"
    password = served.provisioning["users"]["alice"]["password"].encode()
    kept = [file.read_bytes() for file in path.parent.rglob("*") if file.is_file()]
    assert not any(password in content for content in kept)


def test_saved_document_is_served_and_notified(serve: Serve, ue: Driver) -> None:
    """And an unfit one is not; the next start goes on with what was edited."""
    served = serve()
    in_service(ue, served)
    file = served.folder / "documents" / PROFILE
    body = file.read_bytes()

    file.write_bytes(body.replace(b"</mcptt-user-profile>", b"<wrong/></mcptt-user-profile>"))
    refused = served.comes(rf"✗ {PROFILE} line \d+")
    assert "wrong" in refused
    assert refused.endswith("; the version before it stays")

    edited = body.replace(b"Incident command", b"Flood command")
    file.write_bytes(edited)
    told = served.comes(rf"✎ {PROFILE} served with ETag")
    assert told.endswith(", 1 subscriber is notified")
    served.comes(rf"← primary +sip +200 NOTIFY +{PROFILE}  ")
    served.comes(rf"→ primary +cms +200 GET +{PROFILE}  ")
    assert ue.quiet(20)
    before, authority = served.provisioning, (served.folder / "ca.pem").read_bytes()
    served.end()

    *older, (etag, last) = fetched(served, "mcptt-user-profile-1.xml")
    assert {content for _, content in older} == {body}
    assert last == edited
    assert etag not in [one for one, _ in older]
    assert f"ETag {etag}," in told

    again = serve()
    again.comes(f"✎ {PROFILE} served with ETag")
    assert again.provisioning == before
    assert (again.folder / "ca.pem").read_bytes() == authority
    assert file.read_bytes() == edited
    provisioned(ue, again)
    assert ue.power_on().is_done


def test_half_a_document_is_refused(bench: Serving) -> None:
    name = "primary/mcptt-service-config.xml"

    (bench.folder / "documents" / name).write_bytes(b"<service-configuration-info")

    bench.comes(rf"✗ {name} line 1 .*; the version before it stays")


def test_document_of_another_kind_is_refused(bench: Serving) -> None:
    documents = bench.folder / "documents"

    (documents / PROFILE).write_bytes((documents / "primary/group-county.xml").read_bytes())

    bench.comes(f"✗ {PROFILE} a mcptt-user-profile is expected here, not group; the version")


def test_file_that_is_removed_is_served_no_more_until_it_is_back(bench: Serving) -> None:
    file = bench.folder / "documents/primary/group-station.xml"
    body = file.read_bytes()

    file.unlink()
    bench.comes("✎ primary/group-station.xml is gone: no longer served")
    file.write_bytes(body)
    bench.comes("✎ primary/group-station.xml served with ETag")


def test_file_that_stands_for_nothing_is_told_of(bench: Serving) -> None:
    (bench.folder / "documents/primary/alice/profile.xml").write_text("<x/>")

    bench.comes("✗ primary/alice/profile.xml is the file of no document")


def test_secrets_are_for_their_owner_alone(bench: Serving) -> None:
    private = ("authority.key", "provisioning.json", "PROVISION.txt")
    modes = {stat.S_IMODE((bench.folder / name).stat().st_mode) for name in private}

    assert modes == {0o600}
    assert (bench.folder / "hosts").read_text().count("\n") == 3


def test_client_that_does_not_know_the_authority_is_told_of(bench: Serving, ue: Driver) -> None:
    provisioned(ue, bench, authority=trustme.CA().cert_pem.bytes())

    assert not ue.power_on().is_done
    bench.comes(r"✗ primary +bootstrap +TLS +the client .* our CA")


def test_taken_port_is_refused_before_anything_is_written(
    muster: MusterCommand, tmp_path: Path
) -> None:
    text = ixit()
    (tmp_path / "ue.toml").write_text(text)
    host = text.partition('primary = "')[2].partition('"')[0]
    with socket.create_server((host, 8442)):
        ran = muster("serve", "--ue", "ue.toml")

    told = f"muster serve: primary.cms = 8442 cannot be used on {host}: another program listens"
    assert (ran.code, ran.err) == (64, f"{told} there\n")
    assert [path.name for path in tmp_path.iterdir()] == ["ue.toml"]


def test_folder_of_something_else_is_refused(muster: MusterCommand, tmp_path: Path) -> None:
    (tmp_path / "ue.toml").write_text(ixit())
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "provisioning.json").write_text(json.dumps({"port": 1}))

    ran = muster("serve", "--ue", "ue.toml")

    told = "muster serve: served/provisioning.json: is not of this program (KeyError('mcs_ue_id'))"
    assert (ran.code, ran.err) == (64, f"{told}; remove it\n")
    assert len(list((tmp_path / "served").iterdir())) == 1
