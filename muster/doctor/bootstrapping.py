"""One trivial exchange: the systems as a scenario starts them, and a UE that bootstraps."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import trustme

from muster.campaign_settings import CampaignSettings
from muster.doctor.lines import Line, note, ok, problem
from muster.documents.worlds import load_world
from muster.drivers.external import DriverFailed
from muster.drivers.making import make_driver
from muster.evidence import HttpExchange
from muster.journal import Journal
from muster.serving.standing import provisioning
from muster.suite import suite_root
from muster.tls_material import load_material
from muster.ue.contract import ContractBroken
from muster.ue.driver import Answer, Driver, Provisioning
from muster.ue.registry import make_driver as make_builtin
from muster.world_options import world_options
from stubs.loop import LoopThread
from stubs.world import World, load_schemas

TOPIC = "exchange"


def bootstrapped(settings: CampaignSettings) -> Iterator[Line]:
    """First the built-in UE, to try systems and network; then the UE under test by its driver."""
    loop = LoopThread()
    material = load_material(settings.ixit.tls)
    with tempfile.TemporaryDirectory(prefix="muster-doctor-") as folder:
        journal = Journal(Path(folder), "doctor")
        world = World(
            load_world(suite_root() / "fixtures" / "worlds" / "default.toml"),
            journal,
            loop,
            load_schemas(suite_root()),
            material.authority or trustme.CA(),
            **world_options(settings.ixit, material),
        )
        try:
            world.start()
            yield from _tried(settings, world, journal)
        except OSError as error:
            told = f"the systems cannot start: {error.strerror or error}"
            yield problem(TOPIC, told, "see the lines about ports and addresses")
        finally:
            world.stop()
            loop.close()
            journal.close()


def _tried(settings: CampaignSettings, world: World, journal: Journal) -> Iterator[Line]:
    kind = settings.configuration.driver.kind
    if not world.primary.tls.client_certificate_required:
        yield _with(make_builtin("reference"), "the built-in UE", settings, world, journal)
    if kind == "operator":
        yield note(TOPIC, "the UE itself is not tried: a person would have to act")
    elif kind != "reference":
        yield _with(make_driver(settings, journal), "the UE", settings, world, journal)


def _with(
    driver: Driver, who: str, settings: CampaignSettings, world: World, journal: Journal
) -> Line:
    journal.begin(who)
    began = time.monotonic()
    try:
        answer = _power_on(driver, settings, world)
        scale = settings.ixit.clock_scale
        journal.wait_until(lambda: bool(_asked(journal)), settings.ixit.answer_seconds * scale)
    except (DriverFailed, ContractBroken) as error:
        return problem(TOPIC, f"{who}: {error}", "see the line about the driver")
    finally:
        driver.close()
    return _judged(who, answer, journal, time.monotonic() - began)


def _power_on(driver: Driver, settings: CampaignSettings, world: World) -> Answer:
    told = provisioning(world, settings.ixit.terminal.public_identity or "")
    known = {one.name for one in fields(Provisioning)}
    members = {name: value for name, value in told.items() if name in known}
    pem = told["trusted_ca_pem"].encode("ascii")
    services = {"services": ",".join(sorted(settings.claims.services))}
    given = Provisioning(**{**members, "trusted_ca_pem": pem, "options": services})
    answer = driver.reset(given)
    if answer.is_done:
        answer = driver.power_on()
    return answer


def _asked(journal: Journal) -> list[HttpExchange]:
    seen = [one for one in journal.exchanges if isinstance(one, HttpExchange)]
    return [one for one in seen if one.server == "bootstrap" and one.status == 200]


def _judged(who: str, answer: Answer, journal: Journal, seconds: float) -> Line:
    asked = _asked(journal)
    if asked:
        tls = asked[0].tls.partition(" ")[0]
        told = f"{who} bootstrapped: GET, 200, {len(asked[0].response_body):,} B, {tls}"
        return ok(TOPIC, f"{told}, after {seconds:.1f} s")
    failed = [one for one in journal.contacts if one.event in ("tls-failed", "plain-http")]
    if failed:
        told = f"{who} came, and the TLS handshake failed"
        todo = "does it trust the authority, and ask by the host name?"
        return problem(TOPIC, told, todo)
    if journal.exchanges:
        return problem(TOPIC, f"{who} came: {journal.exchanges[0].summary}", "is the URI right?")
    reason = f" ({answer.reason})" if answer.reason else ""
    told = f"{who} answered {answer.kind.value}{reason}, and asked for no configuration"
    return problem(TOPIC, told, "host names, route to this machine, bootstrap URI")
