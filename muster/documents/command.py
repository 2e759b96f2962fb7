"""`muster validate`: judge documents on disk by schema and by rules, and say by which rules."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.progress import track
from rich.text import Text

from muster.documents.judging import Judged, judge
from muster.documents.recognise import BY_NAME
from muster.documents.schemas import SchemaSet, own_folder
from muster.documents.telling import tell
from muster.errors import SuiteError

VALID, PROBLEMS, USAGE = 0, 1, 64


class BadUsage(click.UsageError):
    """What the user named cannot be used."""

    exit_code = USAGE


class Unusable(click.ClickException):
    """A file, folder or schema cannot be used; each line of the message is one problem."""

    exit_code = USAGE

    def show(self, file: IO[Any] | None = None) -> None:
        """Tell it as every muster command does, without the usage of the command."""
        for line in self.message.splitlines():
            click.echo(f"muster: {line}", err=True)


class ValidateCommand(click.Command):
    """A command whose usage errors end with 64, as those of every muster command do."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and give every usage error the exit code of this suite."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise BadUsage(error.format_message(), ctx) from error


@click.command("validate", cls=ValidateCommand)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--schemas",
    "laboratory",
    metavar="DIR",
    help="Folder with schemas that replace ours, namespace by namespace.",
)
@click.option(
    "--release",
    metavar="R",
    help="Of several schemas for one namespace take those of this release, such as rel13.",
)
def validate_command(files: tuple[str, ...], laboratory: str | None, release: str | None) -> None:
    """Validate configuration documents.

    FILE is a document, a folder (searched for .xml files), or - for standard input.
    Ends with 0 if all are valid, 1 if not, 64 if it could not look.
    """
    out = Console(soft_wrap=True, highlight=False)
    try:
        schemas = _schemas(out, laboratory, release)
        judged = [_judge(name, data, schemas) for name, data in _documents(files)]
    except (SuiteError, ValueError, OSError) as error:
        raise Unusable(str(error)) from error
    for each in judged:
        tell(out, each)
    bad = sum(not each.good for each in judged)
    if len(judged) > 1:
        out.print(f"{len(judged)} documents: {len(judged) - bad} valid, {bad} with problems")
    sys.exit(PROBLEMS if bad else VALID)


def _documents(files: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for name in files:
        if name == "-":
            yield "standard input", sys.stdin.buffer.read()
            continue
        path = Path(name)
        if not path.is_dir():
            yield name, _read(path)
            continue
        found = sorted(path.rglob("*.xml"))
        if not found:
            raise ValueError(f"{name} holds no .xml file")
        progress = Console(stderr=True)
        for each in track(found, name, console=progress, disable=not progress.is_terminal):
            yield str(each), _read(each)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ValueError(f"{path}: no such file") from error


def _judge(name: str, data: bytes, schemas: SchemaSet) -> Judged:
    return judge(name, data, schemas, Path(name).name if _is_profile_name(name) else None)


def _is_profile_name(name: str) -> bool:
    """A file on disk may have any name; one that looks like a document name is taken for it."""
    stem, number = Path(name).stem.rpartition("-")[::2]
    return stem in BY_NAME and stem.endswith("user-profile") and number.isdigit()


def _schemas(out: Console, folder: str | None, release: str | None) -> SchemaSet:
    """Return the schemas in use; a folder with one that cannot be used is refused as a whole."""
    if folder is None:
        if release is not None:
            raise BadUsage("--release chooses among the schemas of --schemas DIR")
        return SchemaSet.from_directory(own_folder())
    schemas = SchemaSet.from_directory(own_folder(), Path(folder), release)
    if schemas.broken:
        # One schema that cannot be used takes along all that import it.
        raise Unusable("\n".join(dict.fromkeys(str(each) for each in schemas.broken.values())))
    out.print(
        f"schemas of {folder}: {len(schemas.replaced)} in place of ours, "
        f"ours for the {len(schemas.filled)} namespaces that it lacks"
    )
    for file in schemas.passed_over:
        chosen = schemas.files[file.namespace].path.name
        out.print(Text(f"  passed over: {file.path.name}, for {chosen} is used"))
    return schemas


if __name__ == "__main__":
    validate_command()
