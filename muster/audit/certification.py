"""What keeps a campaign from being certified, and the headline of its bundle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from muster import __version__
from muster.audit.rederive import Rederived
from muster.audit.suite_scenarios import canonical_scenarios, claims_of
from muster.evidence import Json
from muster.results import Results
from muster.suite import suite_digest
from muster.verdicts import Verdict

RELEASED = re.compile(r"[0-9]+(\.[0-9]+)*(\.post[0-9]+)?")
"""Versions (PEP 440) that were released: no development, alpha, beta, candidate or local one."""
QUIET_SECONDS = 2.0
"""The least that a silence has to last, so that what a UE does too late is seen."""
MOST_NAMED = 5
OPEN = (Verdict.ERROR, Verdict.NOT_RUN, Verdict.INCONCLUSIVE)


def reasons_against(results: Results, rederived: Rederived, signed: bool) -> list[str]:
    """Return every reason why no certificate can rest on a campaign; empty: it can."""
    return [
        *_of_subject(results),
        *_of_waiting(_mapping(results.campaign.get("ixit"))),
        *_of_suite(_mapping(results.campaign.get("suite"))),
        *_of_selection(results),
        *_of_verdicts(results),
        *_of_record(results, rederived),
        *([] if signed else ["nobody signs the bundle: give the laboratory's key (--key FILE)"]),
    ]


def ran_with_this_suite(results: Results) -> bool:
    """True if the very suite that reads the results made them: only it can derive them again."""
    return is_this_suite(results.campaign.get("suite"))


def is_this_suite(told: Json) -> bool:
    suite = _mapping(told)
    return (suite.get("version"), suite.get("digest")) == (__version__, suite_digest())


def headline_of(results: Results, reasons: Sequence[str]) -> str:
    """Say what the bundle shows; never `conformant` while a reason stands against it."""
    if results.counts["FAIL"]:
        return "not conformant"
    return "not certifiable" if reasons else "conformant"


def _of_subject(results: Results) -> Iterator[str]:
    if results.builtin_subject:
        yield "the subject is a UE that comes with Muster, not a real one"


def _of_waiting(ixit: Mapping[str, Json]) -> Iterator[str]:
    """What comes late was not looked for in a short silence."""
    seconds = 1.0
    for name in ("quiet_seconds", "clock_scale"):
        value = ixit.get(name)
        seconds *= value if isinstance(value, int | float) else 0.0
    if seconds < QUIET_SECONDS:
        yield (
            f"silence was waited for {seconds:g} s, less than {QUIET_SECONDS:g} s"
            " (ixit.quiet_seconds by ixit.clock_scale)"
        )


def _of_suite(suite: Mapping[str, Json]) -> Iterator[str]:
    version = str(suite.get("version", ""))
    if not RELEASED.fullmatch(version):
        yield f"the suite that ran ({version or 'of unknown version'}) is no released version"
    if suite.get("checkout") is not False:
        yield "the suite that ran is a checkout of the sources, not an installed release"
    if suite.get("steps"):
        yield "the steps of the suite were replaced by others"
    if not is_this_suite(suite):
        yield f"another suite ran ({version}) than makes this bundle ({__version__})"


def _of_selection(results: Results) -> Iterator[str]:
    claims, known = claims_of(results.campaign), canonical_scenarios()
    ran = {scenario.id: scenario for scenario in results.scenarios}
    wanted = [name for name, entry in known.items() if claims.applies(entry.tags)]
    lost = [name for name in wanted if name not in ran]
    if lost:
        yield f"scenarios that the ICS calls for were not selected ({len(lost)}): {_named(lost)}"
    others = [name for name in ran if name not in known]
    if others:
        yield f"scenarios that are not of the suite ran ({len(others)}): {_named(others)}"
    if not wanted:
        yield "the ICS calls for no scenario at all"


def _of_verdicts(results: Results) -> Iterator[str]:
    if results.suite_errors:
        yield f"the suite had errors: {_named(results.suite_errors)}"
    for verdict in OPEN:
        named = [one.id for one in results.scenarios if one.verdict is verdict]
        if named:
            yield f"scenarios are {verdict} ({len(named)}): {_named(named)}"
    if not results.counts["PASS"] and not results.counts["FAIL"]:
        yield "no scenario passed or failed"


def _of_record(results: Results, rederived: Rederived) -> Iterator[str]:
    if results.broken_chains:
        yield f"the record was changed: {_named(results.broken_chains)}"
    if results.notes:
        yield f"the record has gaps: {_named(results.notes)}"
    if rederived.differences:
        yield f"verdicts do not follow from the record: {_named(rederived.differences)}"
    if rederived.left:
        yield f"not everything can be derived again: {_named(rederived.left)}"


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return "; ".join(names[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
