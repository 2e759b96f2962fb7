"""Writes a campaign of the size that a report must hold."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from muster.journal import Journal
from muster.verdicts import Verdict
from tests.reports.sample import (
    CITED,
    DIFF,
    PROFILE,
    SCENARIOS,
    Telling,
    close_campaign,
    fetch,
    open_campaign,
    signed_in,
    sip,
)


def write_large(folder: Path, scenarios: int = 200, exchanges: int = 40) -> Path:
    """Write a campaign in which each scenario has names of its own, as real ones have."""
    controller, worker = Journal(folder, "controller"), Journal(folder, "gw0")
    open_campaign(controller)
    entries = [
        {**SCENARIOS[1], "id": f"ue_configuration/retrieval.feature:{line}", "line": line}
        for line in range(1, scenarios + 1)
    ]
    worker.write("collected", scenarios=entries)
    for number, one in enumerate(entries):
        worker.begin(one["id"])
        worker.write("scenario-started")
        tell = Telling(worker)
        signed_in(tell)
        fill(tell, exchanges - 2, number)
        tell.verdict(Verdict.FAIL if tell.findings else Verdict.PASS)
    worker.scenario = ""
    worker.close()
    close_campaign(controller, {worker.path.name: worker.head})
    return folder


def fill(tell: Telling, exchanges: int, number: int) -> None:
    chance = random.Random(number)
    own = f"alice-{chance.getrandbits(32):08x}"
    tell.step("When", "the client under test starts its configuration")
    for count in range(exchanges):
        name = f"/xcap-{chance.getrandbits(32):08x}/users/sip:{own}@primary.example/doc-{count}.xml"
        call = ("Call-ID", f"{chance.getrandbits(128):032x}@127.34.2.9")
        date = ("Date", f"Sun, 22 Nov 2026 20:{count:02}:00 GMT")
        body = PROFILE.replace("fireground-1", f"{own}-{count % 10}").format(user=own).encode()
        if count % 2:
            seen = sip("primary", "NOTIFY", f"sip:{own}@127.34.2.9:5062", 200, direction="to_ue")
            headers = (*seen.headers, call, ("Content-Type", "application/xcap-diff+xml"))
            tell.journal.exchange(
                replace(seen, headers=headers, body=DIFF.format(user=own).encode())
            )
        else:
            fields = (("ETag", f'"{chance.getrandbits(64):x}"'), date, ("Content-Type", "text/xml"))
            fetch(tell, "primary", "cms", name, response_body=body, response_headers=fields)
    tell.done()
    names = [exchange.name for exchange in tell.journal.exchanges]
    for requirement in CITED["ue_configuration"]:
        tell.judge("muster.checks.sample.holds", requirement, "It holds.", *names[-2:])
    if number % 20 == 0:
        tell.depart("departs", CITED["ue_configuration"][0], "one", "another", names[-1], "FAIL")
