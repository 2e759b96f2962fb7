"""What somebody could do to a bundle: change its files, chain again, list again, sign again."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from muster.audit.archive import MANIFEST, SIGNATURE, canonical, new_member, write_archive
from muster.audit.contents import SERVED, UE_TOML, served, ue_toml
from muster.audit.keys import public_raw
from muster.journal import FIRST_LINK
from muster.report_files import load_catalogue, made_again
from muster.results import read_results

CONTROLLER = "journal-controller.jsonl"
Event = dict[str, Any]
Edit = Callable[[list[Event]], object]


@dataclass
class Opened:
    """A bundle taken apart; methods change it as a forger would."""

    files: dict[str, bytes]
    folder: Path
    doubled: list[str] = field(default_factory=list)

    @property
    def manifest(self) -> Event:
        told: Event = json.loads(self.files[MANIFEST])
        return told

    @manifest.setter
    def manifest(self, told: Event) -> None:
        self.files[MANIFEST] = canonical(told)

    @property
    def journal(self) -> str:
        """The journal of the worker."""
        return next(n for n in self.files if n.startswith("journal-") and n != CONTROLLER)

    def lines(self, name: str) -> list[bytes]:
        return self.files[name].split(b"\n")[:-1]

    def events(self, name: str) -> list[Event]:
        return [json.loads(line) for line in self.lines(name)]

    def first(self, kind: str, **members: Any) -> tuple[int, Event]:
        """Find the first event of a kind whose members are these: its index and itself."""
        for index, event in enumerate(self.events(self.journal)):
            if event["kind"] == kind and all(event.get(k) == v for k, v in members.items()):
                return index, event
        raise LookupError(kind)

    def replace_text(self, name: str, old: bytes, new: bytes) -> None:
        assert old in self.files[name]
        self.files[name] = self.files[name].replace(old, new, 1)

    def chain_again(self, edit: Edit, name: str = "") -> None:
        """Edit the events of a journal and give it a chain, and the controller its head."""
        name = name or self.journal
        events = self.events(name)
        edit(events)
        self.files[name], head = chained(events)
        if name != CONTROLLER:

            def tell(events: list[Event]) -> None:
                heads = next(event for event in events if event["kind"] == "chain-heads")
                heads["heads"][name] = head

            self.chain_again(tell, CONTROLLER)
        manifest = self.manifest
        manifest["chain_heads"][name] = head
        self.manifest = manifest

    def list_again(self) -> None:
        """Make a manifest that fits the files."""
        manifest, outside = self.manifest, (MANIFEST, SIGNATURE)
        manifest["files"] = {
            name: {"size": len(data), "sha256": sha256(data).hexdigest()}
            for name, data in sorted(self.files.items())
            if name not in outside
        }
        self.manifest = manifest

    def report_again(self) -> None:
        """Make the reports that follow from the journals as they are now."""
        folder = self.folder / f"again-{len(list(self.folder.iterdir()))}"
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        results = read_results(folder)
        self.files |= made_again(results, load_catalogue(), folder)
        self.files |= {SERVED: served(results), UE_TOML: ue_toml(results.campaign)}

    def pack(self, path: Path) -> None:
        """Zip the files as they are, in the form of a bundle, with whatever signature is there."""
        names = sorted(name for name in self.files if name not in (MANIFEST, SIGNATURE))
        names += [name for name in (MANIFEST, SIGNATURE) if name in self.files]
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(new_member(name), self.files[name], compresslevel=6)

    def sign(self, path: Path, key: Ed25519PrivateKey | None) -> None:
        """Write a bundle of the files with a signature of one's own, or none."""
        files = {n: d for n, d in self.files.items() if n not in (MANIFEST, SIGNATURE)}

        def sign(text: bytes) -> tuple[bytes, bytes]:
            assert key is not None
            return public_raw(key.public_key()), key.sign(text)

        write_archive(path, files, self.files[MANIFEST], sign if key else None)


def opened(bundle: Path, folder: Path) -> Opened:
    with zipfile.ZipFile(bundle) as archive:
        return Opened({name: archive.read(name) for name in archive.namelist()}, folder)


def chained(events: list[Mapping[str, Any]]) -> tuple[bytes, str]:
    """Write events as a journal does, with a chain that fits."""
    head, lines = FIRST_LINK, []
    for event in events:
        members = {name: value for name, value in event.items() if name != "chain"}
        text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))[:-1]
        payload = text.encode("utf-8", "backslashreplace")
        head = sha256(head.encode() + payload).hexdigest()
        lines.append(payload + b',"chain":"' + head.encode() + b'"}\n')
    return b"".join(lines), head
