"""The command `muster`. Imports are made where they are needed: --help answers at once."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from muster import __version__

if TYPE_CHECKING:
    from muster.configuration import CampaignSettings

USAGE = 64
OURS = 3

ELSEWHERE = {
    "doctor": ("muster.doctor.command", "doctor_command", "Look whether the laboratory is fit."),
    "page": ("muster.live.command", "page_command", "Show a campaign in a browser as it goes."),
    "plan": ("muster.plan_command", "plan_command", "Say what a campaign will be."),
    "driver-check": (
        "muster.driver_check_command",
        "driver_check_command",
        "Exercise the driver of a UE by itself.",
    ),
    "init": ("muster.init_command", "init_command", "Write a commented ue.toml, or check one."),
    "bundle": ("muster.audit.commands", "bundle_command", "Pack results for an auditor, signed."),
    "keygen": ("muster.audit.commands", "keygen_command", "Make a laboratory's key."),
    "prove": ("muster.prove_command", "prove_command", "Show that faulty UEs are caught."),
    "report": ("muster.report_command", "report_command", "Read and write reports of campaigns."),
    "serve": ("muster.serving.command", "serve_command", "Let MC systems stand still for a UE."),
    "ue": ("muster.ue_command", "ue_command", "Run a built-in UE as a program of its own."),
    "verify": ("muster.audit.commands", "verify_command", "Check all that a bundle says."),
    "validate": (
        "muster.documents.command",
        "validate_command",
        "Check documents against their schemas and rules.",
    ),
}
"""Commands that are imported only when they are called."""


class Muster(click.Group):
    """A group whose usage errors exit 64, with commands that are imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in ELSEWHERE:
            module, name, _ = ELSEWHERE[cmd_name]
            command: click.Command = getattr(importlib.import_module(module), name)
            return command
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = {name: text for name, (_, _, text) in ELSEWHERE.items()}
        for name in super().list_commands(ctx):
            command = super().get_command(ctx, name)
            if command and not command.hidden:
                rows[name] = command.get_short_help_str(70)
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows.items()))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(USAGE)
        except click.ClickException as error:
            error.show()
            sys.exit(USAGE if isinstance(error, click.UsageError) else error.exit_code)
        except click.Abort:
            sys.exit(130)


@click.group(cls=Muster, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="muster")
def muster() -> None:
    """Test the configuration life of an MC service UE, against 3GPP TS 23.280, 10.1.1."""


def selection_options(command: Any) -> Any:
    """Give a command the arguments that say which scenarios, of which UE."""
    options = [
        click.argument("names", nargs=-1, metavar="[PATH | SCENARIO]..."),
        click.option(
            "--ue",
            "ue_toml",
            type=click.Path(path_type=Path),
            help="The UE under test: its ue.toml. Without: a UE that comes with Muster.",
        ),
        click.option(
            "--driver", metavar="NAME", help="A built-in UE: reference, faulty:<x> or variant:<x>."
        ),
        click.option("--steps", type=click.Path(path_type=Path, exists=True), hidden=True),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@muster.command()
@selection_options
@click.option("-k", "keywords", default="", metavar="EXPR", help="Only titles and tags like this.")
@click.option("-m", "marks", default="", metavar="EXPR", help="Only scenarios so marked.")
@click.option("-n", "workers", default="", metavar="N", help="Run in N processes, or auto.")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    default=Path("results"),
    help="Where the results folder is made.",
    show_default=True,
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
def run(
    names: tuple[str, ...],
    ue_toml: Path | None,
    driver: str | None,
    steps: Path | None,
    keywords: str,
    marks: str,
    workers: str,
    results: Path,
    schemas: Path | None,
    release: str | None,
    keylog: Path | None,
    page: str | None,
    verbose: bool,
) -> NoReturn:
    """Run a campaign and write its report.

    Without arguments every scenario runs. PATH is a folder or file of features, here or in the
    suite (migration); SCENARIO is an id (migration/partner_choice.feature:17).
    """
    from rich.console import Console

    from muster.campaign import CampaignRefused, make_results_folder, run_campaign
    from muster.doctor.before_run import examine_quickly
    from muster.drivers.making import operator_needs
    from muster.errors import SuiteError
    from muster.fixed_places import PlaceTaken, check_fixed_places
    from muster.keylog import KeylogRefused, prepare_keylog
    from muster.laboratory import LaboratoryRefused, examine
    from muster.live.place import NoPlace, take_place
    from muster.pytest_process import RunOptions

    if workers and workers != "auto" and not workers.isdigit():
        raise click.UsageError(f"-n {workers}: a number of processes is expected, or auto")
    workers = "" if workers == "0" else workers
    check_expressions(keywords, marks)
    if release and not schemas:
        raise click.UsageError("--release chooses among the schemas of --schemas DIR")
    settings = make_settings(names, ue_toml, driver, steps)
    given = {
        "schemas": schemas.absolute() if schemas else None,
        "release": release,
        "keylog": keylog.absolute() if keylog else None,
    }
    settings = settings.model_copy(update=given)
    console = Console()
    if workers and settings.one_worker:
        console.print(f"{settings.one_worker}: one process runs the scenarios")
        workers = ""
    command = ("muster", *sys.argv[1:])
    options = RunOptions(keywords, marks, workers, verbose, command)
    if unmet := operator_needs(settings, sys.stdin.isatty() or page is not None):
        refuse(unmet)
    try:
        check_fixed_places(settings)
        examine_quickly(settings, console)
        examine(settings, console)
        prepare_keylog(settings.keylog)
        place = take_place(page) if page else None
        folder = make_results_folder(results.absolute(), settings.configuration.ue.model)
        settings = settings.model_copy(update={"results": folder})
        sys.exit(run_campaign(settings, options, console, place))
    except (CampaignRefused, KeylogRefused, LaboratoryRefused, NoPlace, PlaceTaken) as error:
        refuse(str(error))
    except SuiteError as error:
        click.echo(f"muster: {error}", err=True)
        sys.exit(OURS)


@muster.command("list")
@selection_options
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--count", "counted", is_flag=True, help="Numbers alone; what is said twice is told.")
def list_command(
    names: tuple[str, ...],
    ue_toml: Path | None,
    driver: str | None,
    steps: Path | None,
    as_json: bool,
    counted: bool,
) -> NoReturn:
    """List scenarios, and whether they apply."""
    from muster.listing import list_scenarios

    sys.exit(list_scenarios(make_settings(names, ue_toml, driver, steps), as_json, counted))


def make_settings(
    names: tuple[str, ...], ue_toml: Path | None, driver: str | None, steps: Path | None
) -> CampaignSettings:
    """Read what the user says; on any mistake tell all and exit 64."""
    from muster.campaign import new_seed
    from muster.configuration import CampaignSettings, WrongConfiguration, builtin_configuration
    from muster.selection import NothingThere, select
    from muster.ue_toml import load_configuration, load_secrets, unknown_builtin

    if ue_toml and driver:
        raise click.UsageError("--ue and --driver exclude each other: ue.toml names the driver")
    try:
        configuration = (
            load_configuration(ue_toml) if ue_toml else builtin_configuration(driver or "reference")
        )
        # The name of the reference UE saves the import of all the others.
        if driver not in (None, "reference") and (told := unknown_builtin(driver)):
            refuse(told)
        return CampaignSettings(
            configuration=configuration,
            results=Path(),
            features=select(names, Path.cwd()),
            folder=Path.cwd(),
            everything=ue_toml is None,
            steps=steps.absolute() if steps else None,
            seed=new_seed(),
            parent=os.getpid(),
            secrets=load_secrets(ue_toml, configuration),
        )
    except (WrongConfiguration, NothingThere) as error:
        refuse(str(error))


def check_expressions(keywords: str, marks: str) -> None:
    """UsageError for a -k or -m that pytest could not read."""
    from muster.pytest_process import wrong_expression

    for option, text in (("-k", keywords), ("-m", marks)):
        if text and (wrong := wrong_expression(text)):
            raise click.UsageError(f"{option} {text!r}: {wrong}")


def refuse(message: str) -> NoReturn:
    """Tell the user what is wrong and exit 64."""
    for line in message.splitlines():
        click.echo(f"muster: {line}", err=True)
    sys.exit(USAGE)


def main(arguments: list[str] | None = None) -> None:
    """The entry point of the command."""
    muster.main(args=arguments, prog_name="muster")
