"""The stubs of a fleet: `python -m benchmarks.fleets.worlds FOLDER WORLDS USERS`.

Each world is one primary MC system with so many users, a UE for each, and a journal of its own in
FOLDER/NUMBER. What the UEs are provisioned with is written to FOLDER/fleet.json; then the word
`ready` is printed. A line of input, or its end, ends the worlds; FOLDER/stubs.json is written last.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import trustme

from muster.documents.build import Builder
from muster.documents.schemas import SchemaSet, own_schemas
from muster.documents.worlds import GroupPlan, ProfilePlan, SystemPlan, UserPlan, WorldPlan
from muster.journal import Journal
from muster.open_files import allow_many_connections
from muster.tls_memory import spare_tls_memory
from muster.ue.driver import Provisioning
from stubs.loop import LoopThread
from stubs.population import Population
from stubs.world import Terminal, World

SERVICE = "mcptt"


def plan_of(users: int) -> WorldPlan:
    """A primary system whose users have a profile each, and all the same group."""
    labels = [f"user{number}" for number in range(users)]
    return WorldPlan(
        title=f"{users} users of one system",
        systems={"primary": SystemPlan(plmn="00101")},
        users={label: UserPlan(title=label.capitalize()) for label in labels},
        profiles=tuple(
            ProfilePlan(
                system="primary",
                user=label,
                index=1,
                name="Duty",
                preselected=True,
                groups=("station",),
            )
            for label in labels
        ),
        groups=(GroupPlan(system="primary", name="station", members=tuple(labels)),),
    )


def terminals(world: World) -> Iterator[tuple[str, Terminal]]:
    """A terminal for each user; they run the same application."""
    for number, user in enumerate(world.plan.users):
        yield (
            user,
            replace(
                world.terminal,
                mcs_ue_id=f"{world.terminal.mcs_ue_id}-{number}",
                instance_id=f"urn:uuid:{uuid.uuid4()}",
            ),
        )


def provide(world: World, user: str, terminal: Terminal) -> str:
    """Serve the two documents of a terminal; return where it finds the first of them."""
    own = Builder(world.plan, world.systems, terminal, world.builder.templates)
    documents = Population(own, world.systems, world.schemas)
    world.loop.call(lambda: documents.initial_configuration())
    world.loop.call(lambda: documents.ue_configuration("primary", user, SERVICE))
    return f"{world.primary.url('bootstrap')}/{own.bootstrap_selector}"


def source_address(number: int) -> str:
    """The loopback address of a UE: everything that it sends is known by it."""
    return f"127.77.{number // 250}.{1 + number % 250}"


def ues_of(world: World, first: int) -> Iterator[dict[str, Any]]:
    """What each UE of a world is provisioned with, and what its user types."""
    for number, (user, terminal) in enumerate(terminals(world), start=first):
        provisioning = Provisioning(
            bootstrap_uri=provide(world, user, terminal),
            mcs_ue_id=terminal.mcs_ue_id,
            instance_id=terminal.instance_id,
            client_id=terminal.client_id,
            redirect_uri=terminal.redirect_uri,
            public_identity=world.primary.identity(f"{user}-subscriber"),
            trusted_ca_pem=b"",
            hosts=world.hosts,
            source_address=source_address(number),
            options={"services": SERVICE, "decryption_key_check": "none"},
        )
        yield {
            **asdict(replace(provisioning, options=dict(provisioning.options))),
            "trusted_ca_pem": world.trusted.decode("ascii"),
            "username": world.username(user),
            "password": world.passwords[user],
            "world": first // len(world.plan.users),
        }


def start(
    folder: Path, users: int, loop: LoopThread, authority: trustme.CA, schemas: SchemaSet
) -> World:
    journal = Journal(folder, "main")
    world = World(plan_of(users), journal, loop, schemas, authority)
    for system in world.systems.values():
        system.watch.tells_peers = True
    world.start()
    return world


def main(folder: Path, count: int, users: int) -> None:
    allow_many_connections()
    spare_tls_memory()
    loop, authority, schemas = LoopThread(), trustme.CA(), own_schemas()
    worlds = [start(folder / str(n), users, loop, authority, schemas) for n in range(count)]
    fleet = [ue for n, world in enumerate(worlds) for ue in ues_of(world, n * users)]
    (folder / "fleet.json").write_text(json.dumps(fleet), "utf-8")
    before = time.process_time()
    print("ready", flush=True)
    sys.stdin.readline()
    spent = time.process_time() - before
    for world in worlds:
        world.stop()
        world.journal.close()
    told = {
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "cpu_seconds": spent,
        "crashes": [crash for world in worlds for crash in world.journal.crashes],
    }
    loop.close()
    (folder / "stubs.json").write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
