"""The files that a campaign's journals make: each can be made again from them at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from muster.requirements import Catalogue
from muster.results import Results, write_campaign
from muster.suite import put_suite_on_path

Write: TypeAlias = Callable[[Results, Catalogue, Path], None]


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """Load the catalogue of this suite."""
    return Catalogue.load(put_suite_on_path() / "fixtures" / "requirements")


def report_writers() -> Mapping[str, Write]:
    """Return what writes each file of a results folder that follows from its journals."""
    put_suite_on_path()
    from reports.html import write_html
    from reports.junit import write_junit

    return {
        "campaign.json": lambda results, _, path: write_campaign(results, path),
        "report.html": write_html,
        "junit.xml": lambda results, _, path: write_junit(results, path),
    }


def export_writers() -> Mapping[str, tuple[str, Write]]:
    """Return what writes each further format, by the option that asks for it, with its file."""
    put_suite_on_path()
    from reports.cucumber import write_cucumber
    from reports.har import write_har
    from reports.pcapng import write_pcapng
    from reports.pdf import write_pdf

    return {
        "pdf": ("report.pdf", write_pdf),
        "har": ("campaign.har", lambda results, _, path: write_har(results, path)),
        "pcapng": ("sip.pcapng", lambda results, _, path: write_pcapng(results, path)),
        "cucumber": ("cucumber.ndjson", lambda results, _, path: write_cucumber(results, path)),
    }


def made_again(results: Results, catalogue: Catalogue, folder: Path) -> dict[str, bytes]:
    """Make the reports anew in an empty folder and return what they hold, by name."""
    made = {}
    for name, write in report_writers().items():
        write(results, catalogue, folder / name)
        made[name] = (folder / name).read_bytes()
    return made
