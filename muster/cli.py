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
    from muster.campaign_settings import CampaignSettings

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
    "compare": ("muster.compare_command", "compare_command", "Tell what changed between two."),
    "coverage": ("muster.coverage_command", "coverage_command", "Show what is tested, or why not."),
    "lint": ("muster.lint_command", "lint_command", "Check the features of the suite."),
    "keygen": ("muster.audit.commands", "keygen_command", "Make a laboratory's key."),
    "prove": ("muster.prove_command", "prove_command", "Show that faulty UEs are caught."),
    "report": ("muster.report_command", "report_command", "Read and write reports of campaigns."),
    "run": ("muster.run_command", "run_command", "Run a campaign and write its report."),
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
    return _with_options(command, "ue_toml", several=False)


def selection_of_several(command: Any) -> Any:
    """The same with any number of UEs."""
    return _with_options(command, "ue_tomls", several=True)


def _with_options(command: Any, ue: str, several: bool) -> Any:
    options = [
        click.argument("names", nargs=-1, metavar="[PATH | SCENARIO]..."),
        click.option(
            "--ue",
            ue,
            type=click.Path(path_type=Path),
            multiple=several,
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
    from muster.campaign_settings import CampaignSettings
    from muster.configuration import WrongConfiguration, builtin_configuration
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
