"""The documents of a standing world as files: written out, watched, and served as they are edited.

A file is read once it has stood still from one look to the next: an editor may be half-way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from muster.documents.build import Document
from muster.documents.judging import judge
from muster.documents.vocabulary import SERVICES
from muster.serving.laboratory import FolderRefused
from muster.serving.standing import write_privately
from stubs.world import World
from stubs.xcap import DocumentStore, StoredDocument

WRITTEN = ".written.json"
"""What we wrote, by hash: whatever differs was edited and is not overwritten."""
Look = tuple[int, int] | None
"""Time of change and size of a file; None: it is not there."""


@dataclass(frozen=True)
class Notice:
    """What became of a file that changed."""

    file: str
    """As seen from the folder."""
    told: str
    is_problem: bool = False


@dataclass
class Served:
    """A document and its file."""

    file: Path
    system: str
    document: Document
    stored: StoredDocument
    seen: Look = None
    """The file as it was when it was last read."""
    glimpsed: Look = None
    """The file as it was at the last look."""


class DocumentFolder:
    """Keeps the stores of a running world like the files of a folder."""

    def __init__(self, folder: Path, world: World) -> None:
        self.folder = folder
        self.world = world
        self.served = {
            found.file: found
            for found in (self._served(name, one) for name, one in world.builder.everything())
        }
        self._strangers: set[Path] = set()

    # Names -------------------------------------------------------------------------------------

    def _served(self, system: str, document: Document) -> Served:
        stored = self._store(system, document).get(document.selector)
        assert stored is not None
        file = self.folder / system / file_name(self.world, system, document)
        return Served(file, system, document, stored)

    def _store(self, system: str, document: Document) -> DocumentStore:
        found: DocumentStore = getattr(self.world.systems[system], document.store)
        return found

    def name(self, file: Path) -> str:
        return file.relative_to(self.folder).as_posix()

    def name_of(self, system: str, selector: str) -> str:
        """The file of a document that a system serves; empty for none."""
        found = (one for one in self.served.values() if one.document.selector == selector)
        return next((self.name(one.file) for one in found if one.system == system), "")

    # Start -------------------------------------------------------------------------------------

    def write(self) -> list[Notice]:
        """Write every document; a file that was edited before is served as it stands, if fit."""
        known = self._known_hashes()
        edited = [one for one in self.served.values() if self._is_edited(one.file, known)]
        kept = set(map(id, edited))
        for one in self.served.values():
            if id(one) not in kept:
                one.file.parent.mkdir(parents=True, exist_ok=True)
                one.file.write_bytes(one.stored.body)
                known[self.name(one.file)] = _hash(one.stored.body)
            one.seen = one.glimpsed = _look(one.file)
        write_privately(self.folder / WRITTEN, json.dumps(known, indent=1).encode())
        return [self._take(one) for one in edited]

    def _is_edited(self, file: Path, known: dict[str, str]) -> bool:
        try:
            return _hash(file.read_bytes()) != known.get(self.name(file))
        except OSError:
            return False

    def _known_hashes(self) -> dict[str, str]:
        path = self.folder / WRITTEN
        try:
            read = json.loads(path.read_text("utf-8")) if path.exists() else {}
            return {str(name): str(value) for name, value in read.items()}
        except (OSError, ValueError, AttributeError) as error:
            told = f"{path}: cannot be read ({error}); move your edited documents away, remove it"
            raise FolderRefused(told) from error

    # Watching ----------------------------------------------------------------------------------

    def poll(self) -> list[Notice]:
        """Look at every file once; serve what was changed, and say what became of it."""
        notices = []
        for one in self.served.values():
            look = _look(one.file)
            still, one.glimpsed = look == one.glimpsed, look
            if still and look != one.seen:
                one.seen = look
                notices.append(self._take(one) if look else self._withdraw(one))
        return [*notices, *self._told_of_strangers()]

    def _take(self, one: Served) -> Notice:
        name = self.name(one.file)
        try:
            body = one.file.read_bytes()
        except OSError as error:
            told = f"cannot be read: {error.strerror}; the version before it stays"
            return Notice(name, told, is_problem=True)
        current = self._store(one.system, one.document).get(one.document.selector)
        if current is not None and body == current.body:
            return Notice(name, "is as it is served")
        problem = next(self._departures(one, body), "")
        if problem:
            stays = "the version before it stays" if current else "nothing is served"
            return Notice(name, f"{problem}; {stays}", is_problem=True)
        return self._put(one, body)

    def _put(self, one: Served, body: bytes) -> Notice:
        changed = replace(one.stored, content=body)
        store = self._store(one.system, one.document)
        stored = self.world.on_loop(lambda: store.put(changed))
        return Notice(self.name(one.file), f"served with ETag {stored.etag}{self._hearers(one)}")

    def _withdraw(self, one: Served) -> Notice:
        store, selector = self._store(one.system, one.document), one.document.selector
        if store.get(selector) is None:
            return Notice(self.name(one.file), "is gone, and was not served")
        self.world.loop.call(lambda: store.remove(selector))
        told = f"is gone: no longer served{self._hearers(one)}"
        return Notice(self.name(one.file), told)

    def _hearers(self, one: Served) -> str:
        """Say to how many subscribers a change was told."""
        store, document = self._store(one.system, one.document), one.stored
        held = list(self.world.systems[one.system].mc_server.subscriptions.values())
        count = sum(
            each.store is store and each.names(document.selector) and each.may_see(document)
            for each in held
        )
        return f", {count} {'subscriber is' if count == 1 else 'subscribers are'} notified"

    def _departures(self, one: Served, body: bytes) -> Iterator[str]:
        wanted = one.document.type
        name = one.document.name if wanted.name.endswith("user-profile") else None
        judged = judge(self.name(one.file), body, self.world.schemas, name)
        found = judged.rules.document if judged.rules else None
        if judged.rules is not None and found != wanted:
            yield f"a {wanted.name} is expected here, not {found.name if found else 'this'}"
            return
        yield from judged.departures()

    def _told_of_strangers(self) -> Iterator[Notice]:
        """Say once of a file that stands for no document: a misspelt name would change nothing."""
        for system in self.world.systems:
            for file in sorted((self.folder / system).rglob("*.xml")):
                if file not in self.served and file not in self._strangers:
                    self._strangers.add(file)
                    told = "is the file of no document; the files that were written have the names"
                    yield Notice(self.name(file), told, is_problem=True)


def file_name(world: World, system: str, document: Document) -> str:
    """Name the file of a document: by user where it is somebody's, a group by its label."""
    if document.store == "bootstrap_documents":
        return "initial-configuration.xml"
    if document.store == "groups":
        labels = {
            world.builder.group_selector(group.system, group.name): group.name
            for group in world.plan.groups
        }
        return f"group-{labels[document.selector]}.xml"
    own = document.name if document.name.endswith(".xml") else f"{document.type.name}.xml"
    _, tree, owner, *_ = document.selector.split("/")
    if tree != "users":
        return f"{document.type.name}.xml"
    at = world.systems[system]
    users = {at.identity(user, service): user for user in world.plan.users for service in SERVICES}
    return f"{users[owner]}/{own}"


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _look(file: Path) -> Look:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
