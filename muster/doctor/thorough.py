"""What takes a moment: the plan, the documents, the driver, and one exchange over the wire."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

from muster.campaign_settings import CampaignSettings
from muster.configuration import CommandChoice, HttpChoice, OperatorChoice
from muster.doctor.lines import Line, note, ok, problem
from muster.drivers.external import DESCRIBE_SECONDS, DriverFailed
from muster.drivers.making import channel_to, operator_needs
from muster.laboratory import LaboratoryRefused, examine, schemas_of
from muster.planning import plan_of
from muster.suite import put_suite_on_path
from muster.ue.contract import CONTRACT, OPERATIONS, ContractBroken, description_from

APART_SECONDS = 60.0
"""How far the clocks of the driver and of this machine may be apart."""


def plan(settings: CampaignSettings) -> Iterator[Line]:
    """Is there anything to run, and is there anything that nobody claims?"""
    found = plan_of(settings, "", "", Path("nowhere"))
    if not found.scenarios:
        yield problem("plan", "no scenario applies", "claim services and items in [ics]")
        return
    others = sum(map(len, found.not_applicable.values()))
    told = f"{len(found.scenarios)} scenarios apply, {others} do not (muster plan says why)"
    yield ok("plan", told)
    used = set(found.operations)
    claimed = settings.configuration.ics.items
    denied = [
        name
        for name in sorted(used)
        if claimed.get(f"operation:{name}") is False  # what is not named is not denied
    ]
    if denied:
        told = f"the ICS denies {', '.join(denied)}, which scenarios ask for"
        yield note("plan", told, "these scenarios will be NOT_APPLICABLE")


def documents(settings: CampaignSettings) -> Iterator[Line]:
    """What the laboratory serves in place of ours, and by which schemas."""
    try:
        examine(settings, Console(quiet=True))
    except LaboratoryRefused as error:
        for told in str(error).splitlines():
            yield problem("documents", told, "correct it; muster validate FILE tells more")
        return
    folder = settings.ixit.documents_folder
    schemas = schemas_of(settings)
    told = f"those of {folder} are fit" if folder else "ours, by our schemas"
    if schemas.replaced:
        told += f", with {len(schemas.replaced)} schemas of the laboratory"
    yield ok("documents", told)


# Driver ------------------------------------------------------------------------------------------


def driver(settings: CampaignSettings) -> Iterator[Line]:
    """Is it there, does it speak our contract, and can it do what the ICS claims?"""
    choice = settings.configuration.driver
    if isinstance(choice, OperatorChoice):
        lacking = operator_needs(settings, can_be_asked=True)
        if lacking:
            yield problem("driver", "a person, who does not know the password", lacking)
        else:
            yield note("driver", "a person (muster plan says how often she is prompted)")
        return
    if not isinstance(choice, HttpChoice | CommandChoice):
        yield ok("driver", f"built in: {settings.driver_name}")
        return
    channel = channel_to(choice, settings.secrets)
    try:
        described = description_from(channel.describe(DESCRIBE_SECONDS))
    except (DriverFailed, ContractBroken) as error:
        yield problem("driver", str(error), "start it or correct [driver]; muster driver-check")
        return
    finally:
        channel.close()
    yield ok("driver", f"{described.name or choice.kind} speaks contract {CONTRACT}")
    missing = [
        one.name
        for one in OPERATIONS.values()
        if not one.optional and one.name not in described.operations
    ]
    claimed = settings.configuration.ics.items
    for name in missing:
        if claimed.get(f"operation:{name}"):
            told = f"it does not list {name}, which the ICS claims: NOT_RUN"
            yield problem("driver", told, f"add the operation, or claim operation:{name} = false")
    if missing:
        yield note("driver", f"without {', '.join(missing)}: such scenarios will not run")
    if isinstance(choice, HttpChoice):
        yield from _clock_of(choice.url)


def _clock_of(url: str) -> Iterator[Line]:
    """Compare the Date of a control server with our clock: it stands near the UE."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=DESCRIBE_SECONDS)
    try:
        connection.request("GET", f"{parts.path}/")
        told = connection.getresponse().getheader("Date")
        apart = abs(parsedate_to_datetime(told).timestamp() - time.time()) if told else None
    except (OSError, ValueError, http.client.HTTPException):
        return
    finally:
        connection.close()
    if apart is not None and apart > APART_SECONDS:
        words = f"the driver's clock and this machine's are {apart:.0f} s apart"
        yield problem("clock", words, "set both; tokens and certificates go by them")
    elif apart is not None:
        yield ok("clock", "the driver's clock agrees with this machine's")


# One exchange ------------------------------------------------------------------------------------


def exchange(settings: CampaignSettings) -> Iterator[Line]:
    """Start the systems as a scenario would, and let the UE bootstrap once."""
    put_suite_on_path()
    from muster.doctor.bootstrapping import bootstrapped

    yield from bootstrapped(settings)
