"""`muster run`: a campaign against one UE, or against several one after another."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from muster.cli import OURS, USAGE, check_expressions, make_settings, refuse, selection_of_several

if TYPE_CHECKING:
    from rich.console import Console

    from muster.campaign_settings import CampaignSettings
    from muster.deviations import KnownDeviations
    from muster.pytest_process import RunOptions, Stop

WORST_FIRST = (USAGE, OURS, 1, 2)
"""Which exit code stands for several campaigns."""
LARGEST_SEED = (1 << 32) - 1


@click.command("run")
@selection_of_several
@click.option("-k", "keywords", default="", metavar="EXPR", help="Only titles and tags like this.")
@click.option("-m", "marks", default="", metavar="EXPR", help="Only scenarios so marked.")
@click.option("-n", "workers", default="", metavar="N", help="Run in N processes, or auto.")
@click.option(
    "--tx",
    "places",
    multiple=True,
    metavar="SPEC",
    help="Run where pytest-xdist's --tx says, as in 2*popen//python=PATH; may be repeated.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    default=Path("results"),
    help="Where the results folder is made.",
    show_default=True,
)
@click.option(
    "--rerun",
    type=click.Path(path_type=Path),
    metavar="RESULTS",
    help="Run again what failed or is open there, with its seed.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, LARGEST_SEED),
    metavar="N",
    help="Draw the names of the worlds from N: the same in each campaign with this seed.",
)
@click.option(
    "--known",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Known deviations: they stay FAIL, and are marked as known.",
)
@click.option(
    "--allow-known", is_flag=True, help="A scenario that fails as is known does not fail the run."
)
@click.option(
    "--schemas",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder with schemas that replace ours, namespace by namespace.",
)
@click.option("--release", metavar="R", help="Of several such schemas that of a release: rel13.")
@click.option(
    "--keylog",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Append the secrets of every TLS connection to FILE, for Wireshark.",
)
@click.option(
    "--page",
    metavar="[HOST:PORT]",
    is_flag=False,
    flag_value="127.0.0.1:0",
    help="Show the campaign in a browser on this machine while it runs.",
)
@click.option("--verbose", is_flag=True, help="Show every scenario with its steps.")
def run_command(
    names: tuple[str, ...],
    ue_tomls: tuple[Path, ...],
    driver: str | None,
    steps: Path | None,
    keywords: str,
    marks: str,
    workers: str,
    places: tuple[str, ...],
    results: Path,
    rerun: Path | None,
    seed: int | None,
    known: Path | None,
    allow_known: bool,
    schemas: Path | None,
    release: str | None,
    keylog: Path | None,
    page: str | None,
    verbose: bool,
) -> NoReturn:
    """Run a campaign and write its report.

    Without arguments every scenario runs. PATH is a folder or file of features, here or in the
    suite (migration); SCENARIO is an id (migration/partner_choice.feature:17). With several --ue
    the UEs are tested one after another, each with a results folder of its own.
    """
    from muster.live.place import names_and_place
    from muster.pytest_process import RunOptions

    if workers and workers != "auto" and not workers.isdigit():
        raise click.UsageError(f"-n {workers}: a number of processes is expected, or auto")
    check_places(places, workers)
    check_expressions(keywords, marks)
    if release and not schemas:
        raise click.UsageError("--release chooses among the schemas of --schemas DIR")
    if allow_known and not known:
        raise click.UsageError("--allow-known needs --known FILE")
    names, page = names_and_place(names, page)
    selected = Selection(names, ue_tomls, driver, steps)
    if rerun is not None:
        selected, seed = _again(selected, seed, rerun)
    given = {
        "schemas": schemas.absolute() if schemas else None,
        "release": release,
        "keylog": keylog.absolute() if keylog else None,
        **({} if seed is None else {"seed": seed}),
    }
    subjects = [one.model_copy(update=given) for one in selected.settings()]
    command = ("muster", *sys.argv[1:])
    options = RunOptions(
        keywords, marks, "" if workers == "0" else workers, verbose, command,
        _deviations(known, allow_known), places,
    )  # fmt: skip
    sys.exit(run_one_after_another(subjects, options, results.absolute(), page))


@dataclass(frozen=True)
class Selection:
    """What the user says of scenarios and UEs."""

    names: tuple[str, ...]
    ue_tomls: tuple[Path, ...]
    driver: str | None
    steps: Path | None

    def settings(self) -> list[CampaignSettings]:
        """Read every `ue.toml` before anything starts; any mistake exits 64."""
        return [
            make_settings(self.names, ue_toml, self.driver, self.steps)
            for ue_toml in self.ue_tomls or (None,)
        ]


def _again(selected: Selection, seed: int | None, folder: Path) -> tuple[Selection, int]:
    from muster.errors import SuiteError
    from muster.rerun import NothingToRerun, rerun_of

    if selected.names:
        raise click.UsageError("--rerun says which scenarios run; name no others")
    try:
        again = rerun_of(folder)
    except (NothingToRerun, SuiteError) as error:
        refuse(str(error))
    driver = selected.driver
    if not selected.ue_tomls and not driver:
        if again.driver is None:
            refuse(f"{folder}: tested {again.subject}; give its ue.toml with --ue")
        driver = again.driver
    return replace(selected, names=again.names, driver=driver), again.seed if seed is None else seed


def _deviations(path: Path | None, allowed: bool) -> KnownDeviations | None:
    if path is None:
        return None
    from muster.configuration import WrongConfiguration
    from muster.deviations import KnownDeviations
    from muster.deviations_file import load_deviations
    from muster.requirements import Catalogue
    from muster.suite import suite_root

    catalogue = Catalogue.load(suite_root() / "fixtures" / "requirements")
    try:
        entries = load_deviations(path, catalogue.requirements)
    except WrongConfiguration as error:
        refuse(str(error))
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    return KnownDeviations(entries, allowed, day)


def run_one_after_another(
    subjects: Sequence[CampaignSettings], options: RunOptions, results: Path, page: str | None
) -> int:
    """Run a campaign for each UE; return the worst of their exit codes."""
    from rich.console import Console
    from rich.text import Text

    from muster.pytest_process import Stop

    console, stop = Console(), Stop()
    codes: list[int] = []
    for settings in subjects:
        if len(subjects) > 1:
            ue = settings.configuration.ue
            told = f"UE {len(codes) + 1} of {len(subjects)}: {ue.vendor} {ue.model} {ue.software}"
            console.print(Text(f"\n{told}", "bold"))
        codes.append(_run_one(settings, options, results, page, console, stop))
        if stop.requested.is_set():
            break
    return next((code for code in WORST_FIRST if code in codes), 0)


def _run_one(
    settings: CampaignSettings,
    options: RunOptions,
    results: Path,
    page: str | None,
    console: Console,
    stop: Stop,
) -> int:
    from muster.campaign import CampaignRefused, make_results_folder, run_campaign
    from muster.doctor.before_run import examine_quickly
    from muster.drivers.making import operator_needs
    from muster.errors import SuiteError
    from muster.fixed_places import PlaceTaken, check_fixed_places
    from muster.keylog import KeylogRefused, prepare_keylog
    from muster.laboratory import LaboratoryRefused, examine
    from muster.live.place import NoPlace, take_place

    if options.is_parallel and settings.one_worker:
        console.print(f"{settings.one_worker}: one process runs the scenarios")
        options = replace(options, workers="", places=())
    if unmet := operator_needs(settings, sys.stdin.isatty() or page is not None):
        refuse(unmet)
    try:
        check_fixed_places(settings)
        examine_quickly(settings, console)
        examine(settings, console)
        prepare_keylog(settings.keylog)
        _announce_prompts(settings, options, console)
        place = take_place(page) if page else None
        folder = make_results_folder(results, settings.configuration.ue.model)
        settings = settings.model_copy(update={"results": folder})
        return run_campaign(settings, options, console, place, stop)
    except (CampaignRefused, KeylogRefused, LaboratoryRefused, NoPlace, PlaceTaken) as error:
        refuse(str(error))
    except SuiteError as error:
        click.echo(f"muster: {error}", err=True)
        return OURS


def check_places(places: tuple[str, ...], workers: str) -> None:
    """UsageError for what xdist could not start processes from."""
    import execnet

    if places and workers:
        raise click.UsageError("-n and --tx exclude one another: --tx N*popen starts N processes")
    for place in places:
        count, star, spec = place.rpartition("*")
        try:
            known = execnet.XSpec(spec)
        except ValueError as error:
            raise click.UsageError(f"--tx {place}: {error}") from None
        if star and not count.isdigit():
            raise click.UsageError(f"--tx {place}: a number is expected before *")
        if not (known.popen or known.ssh or known.socket or known.via or known.vagrant_ssh):
            raise click.UsageError(f"--tx {place}: popen, ssh=HOST or socket=HOST:PORT is expected")


def _announce_prompts(settings: CampaignSettings, options: RunOptions, console: Console) -> None:
    """Say before the campaign how often a person will be asked."""
    if settings.configuration.driver.kind != "operator":
        return
    from muster.planning import plan_of

    plan = plan_of(settings, options.keywords, options.marks, settings.results)
    prompts = sum(plan.operations.values())
    console.print(
        f"An operator will be asked about {prompts} times, in {len(plan.scenarios)} scenarios.",
        highlight=False,
    )
