"""What of an earlier campaign is run again: what did not pass, in the worlds that it had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from muster.results import read_results
from muster.verdicts import Verdict

SETTLED = (Verdict.PASS, Verdict.NOT_APPLICABLE)


class NothingToRerun(Exception):
    """The earlier campaign leaves nothing open; the message is for the user."""


@dataclass(frozen=True)
class Rerun:
    """A narrower campaign, out of the record of one."""

    names: tuple[str, ...]
    """Ids of the scenarios that failed or are open."""
    seed: int
    subject: str
    """The UE in words: vendor, model, software."""
    driver: str | None
    """Name of the built-in UE that was tested without a `ue.toml`; else None."""


def rerun_of(folder: Path) -> Rerun:
    """Read a results folder; UnreadableResults (a SuiteError) for one that is none."""
    results = read_results(folder)
    names = tuple(one.id for one in results.scenarios if one.verdict not in SETTLED)
    if not names:
        raise NothingToRerun(f"{folder}: no scenario failed or is open there")
    subject = results.campaign.get("subject", {})
    everything = results.campaign.get("ics", {}).get("everything") is True
    words = " ".join(str(subject.get(name, "")) for name in ("vendor", "model", "software"))
    return Rerun(
        names,
        int(results.campaign.get("seed", 0)),
        words,
        str(subject["driver"]) if everything and "driver" in subject else None,
    )
