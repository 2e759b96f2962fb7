"""The bench itself: a world that stands still, its folder, and the loop that watches both."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from muster.documents.vocabulary import SERVICES
from muster.documents.worlds import WorldPlan
from muster.open_files import allow_many_connections
from muster.progress import harmless
from muster.pytest_process import Stop
from muster.serving.folder import DocumentFolder, Notice
from muster.serving.laboratory import Laboratory
from muster.serving.standing import (
    MARK,
    authority_of,
    guide,
    kept_in,
    write_provisioning,
)
from muster.serving.telling import News, Teller, ToldJournal
from muster.suite import suite_root
from muster.tls_material import load_material
from muster.tls_memory import spare_tls_memory
from muster.world_options import world_options
from stubs.loop import LoopThread
from stubs.world import World, load_schemas

LOOK_SECONDS = 0.3
"""How often files are looked at and news are told."""
TIDY_SECONDS = 600.0
"""How often tokens that are long over are forgotten."""


@dataclass
class Bench:
    """Everything of a running `muster serve`."""

    guide: str
    """What to provision, as it stands in the folder."""
    world: World
    documents: DocumentFolder
    news: queue.SimpleQueue[News]
    console: Console

    def serve(self, stop: Stop) -> None:
        """Tell what comes and serve what is edited, until it is stopped."""
        people = {
            system.identity(user, service): user
            for system in self.world.systems.values()
            for user in self.world.plan.users
            for service in SERVICES
        }
        teller = Teller(self.documents.name_of, people)
        tidied = time.monotonic()
        while True:
            stopped = stop.requested.wait(LOOK_SECONDS)
            while not self.news.empty():
                self.console.print(teller.line(self.news.get()), highlight=False)
            if stopped:
                return
            for notice in self.documents.poll():
                self.tell(notice)
            if time.monotonic() - tidied > TIDY_SECONDS:
                self.world.loop.call(self.world.tidy)
                tidied = time.monotonic()

    def tell(self, notice: Notice) -> None:
        line = Text(f"{time.strftime('%H:%M:%S')} ", "dim", overflow="fold")
        line.append("✗ " if notice.is_problem else "✎ ", "red" if notice.is_problem else "bold")
        line.append(harmless(notice.file), "bold")
        line.append(f" {harmless(notice.told)}", "red" if notice.is_problem else "")
        self.console.print(line, highlight=False)


@contextmanager
def standing(laboratory: Laboratory, plan: WorldPlan, console: Console) -> Iterator[Bench]:
    """Start the systems and write out what a UE needs. FolderRefused, OSError, SuiteError."""
    folder, ixit, places = laboratory.folder, laboratory.ixit, laboratory.places
    allow_many_connections()
    spare_tls_memory()
    material = load_material(ixit.tls)
    kept, authority = kept_in(folder), material.authority or authority_of(folder)
    options = world_options(ixit, material, laboratory.keylog)
    journals = folder / "journals" / time.strftime("%Y%m%d-%H%M%S")
    journals.mkdir(parents=True, exist_ok=True)
    news: queue.SimpleQueue[News] = queue.SimpleQueue()
    journal = ToldJournal(journals, "serve", news.put)
    loop = LoopThread()
    world = World(
        plan,
        journal,
        loop,
        load_schemas(suite_root()),
        authority,
        **{
            **options,
            "ports": places.ports,
            "addresses": places.addresses,
            "fixed_terminal": {**kept.terminal, **options["fixed_terminal"]},
        },
        mark=MARK,
        fixed_passwords={**kept.passwords, **laboratory.passwords},
    )
    try:
        world.start()
        identity = ixit.terminal.public_identity or ""
        write_provisioning(folder, world, identity)
        documents = DocumentFolder(folder / "documents", world)
        bench = Bench(guide(folder, world, identity), world, documents, news, console)
        for notice in documents.write():
            bench.tell(notice)
        yield bench
    finally:
        world.stop()
        loop.close()
        journal.close()
