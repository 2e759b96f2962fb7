"""`muster validate`: judge documents on disk by schema and by rules, and say by which rules."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path

import click
from lxml import etree
from rich.console import Console
from rich.progress import track
from rich.text import Text

from muster.documents.judging import Judged, cited, convicts, judge
from muster.documents.recognise import BY_NAME, DocumentType
from muster.documents.rules import RuleReport
from muster.documents.schemas import SchemaSet, own_folder
from muster.documents.validate import Problem
from muster.errors import SuiteError

VALID, PROBLEMS, USAGE = 0, 1, 64


class BadUsage(click.UsageError):
    """What the user named cannot be used."""

    exit_code = USAGE


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
        schemas = SchemaSet.from_directory(
            own_folder(), Path(laboratory) if laboratory else None, release
        )
        _tell_schemas(out, schemas, laboratory)
        judged = [_judge(name, data, schemas) for name, data in _documents(files)]
    except (SuiteError, ValueError, OSError) as error:
        raise BadUsage(str(error)) from error
    for each in judged:
        _tell(out, each)
    bad = sum(not each.good for each in judged)
    if len(judged) > 1:
        out.print(f"{len(judged)} documents, {bad} with problems")
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


def _tell_schemas(out: Console, schemas: SchemaSet, laboratory: str | None) -> None:
    if laboratory is None:
        return
    out.print(
        f"schemas of {laboratory}: {len(schemas.replaced)} in place of ours, "
        f"{len(schemas.filled)} namespaces filled with ours"
    )
    for file in schemas.passed_over:
        out.print(f"  passed over: {file.path.name} (another one is used for {file.namespace})")
    for problem in schemas.broken.values():
        out.print(f"  not usable: {problem}")


def _tell(out: Console, judged: Judged) -> None:
    verdict = Text("valid", "green") if judged.good else Text("has problems", "red")
    out.print(Text(f"{judged.name}: ").append(verdict))
    document = judged.rules.document if judged.rules else None
    if document is not None:
        out.print(f"  {document.name}, {document.clause}, names {document.basis}")
    if judged.validation.schema_file:
        out.print(f"  schema {Path(judged.validation.schema_file).name}")
    for problem in judged.validation.problems:
        _tell_problem(out, problem, document.clause if document else "")
    if document is None and not judged.validation.valid:
        for known in _nearby(judged.validation.root):
            out.print(Text(f"  known nearby: <{known.root}> in {known.namespace} ({known.name})"))
    if judged.validation.known_difference:
        out.print(Text(f"  the engines differ: {judged.validation.known_difference}"))
    if judged.validation.disagreement:
        out.print(Text(f"  the engines disagree: {judged.validation.disagreement}", "yellow"))
    if judged.rules is not None:
        _tell_rules(out, judged.rules)


def _tell_problem(out: Console, problem: Problem, clause: str) -> None:
    where = f"  line {problem.line} {problem.path}: "
    source = f" ({problem.engine} {problem.code}{', ' + clause if clause else ''})"
    out.print(Text(where).append(problem.reason).append(source, "dim"))


def _nearby(root: str) -> list[DocumentType]:
    """Return the documents with a root like this `{namespace}name`, the nearest first, or none."""
    if not root:
        return []
    qname = etree.QName(root)
    known: dict[str, list[DocumentType]] = defaultdict(list)
    for document in BY_NAME.values():
        known[document.root.lower()].append(document)

    def likeness(document: DocumentType) -> float:
        return SequenceMatcher(None, document.namespace, qname.namespace or "").ratio()

    # By name first: one name may be the root of several documents, apart only by namespace.
    name = qname.localname.lower()
    names = [name] if name in known else get_close_matches(name, known, n=3)
    found = [each for near in names for each in sorted(known[near], key=likeness, reverse=True)]
    # A name like no other in a namespace of ours: what that namespace has.
    return found or [each for each in BY_NAME.values() if each.namespace == qname.namespace]


def _tell_rules(out: Console, rules: RuleReport) -> None:
    if rules.document is None:
        return
    for problem in rules.problems:
        weight = "" if convicts(problem.requirement) else "warning: "
        text = Text(f"  {weight}line {problem.line} {problem.path}: ")
        text.append(f"expected {problem.expected}, observed {problem.observed}")
        out.print(text.append(f" ({cited(problem.requirement)})", "dim"))
    applied = ", ".join(rules.applied) or "none"
    out.print(Text(f"  rules applied: {applied}", "dim"))


if __name__ == "__main__":
    validate_command()
