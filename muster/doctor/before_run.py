"""The quick part of the doctor, which `muster run` does by itself."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from muster.campaign_settings import CampaignSettings
from muster.doctor.lines import State
from muster.laboratory import LaboratoryRefused


def examine_quickly(settings: CampaignSettings, console: Console) -> None:
    """Refuse what would make verdicts tell of the laboratory; say what is worth knowing.

    A campaign of a built-in UE without a `ue.toml` has nothing that could be wrong.
    """
    if settings.everything:
        return
    from muster.doctor.quick import quick_lines

    lines = [line for line in quick_lines(settings) if line.state is not State.OK]
    refused = [line for line in lines if line.state is State.PROBLEM]
    if refused:
        told = [f"{line.topic}: {line.told}; {line.todo}" for line in refused]
        raise LaboratoryRefused("\n".join(told))
    if settings.configuration.driver.kind == "reference":
        return
    if lines:
        count = "1 note" if len(lines) == 1 else f"{len(lines)} notes"
        topics = ", ".join(dict.fromkeys(line.topic for line in lines))
        console.print(Text(f"{count} on {topics}: muster doctor tells them", "dim"))
