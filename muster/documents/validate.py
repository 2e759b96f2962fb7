"""Verdict-grade validation: xmlschema decides, lxml cross-checks, equal bytes are judged once."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from lxml import etree
from xmlschema import XMLSchemaException, XMLSchemaValidationError
from xmlschema.validators import XsdGroup

from muster.documents.compilation import Compiled
from muster.documents.content_models import marks_of
from muster.documents.differences import Complaint, KnownDifference, known_difference
from muster.documents.parse import DocumentRefused, line_of, parse, path_of
from muster.documents.schemas import SchemaSet
from muster.errors import SuiteError

REMEMBERED = 4096
"""How many verdicts are kept; the oldest unused goes first."""


class EngineDisagreement(SuiteError):
    """The engines differ in a way that no known difference explains: no verdict can rest on it."""


@dataclass(frozen=True)
class Problem:
    """One reason why a document is not valid."""

    line: int
    path: str
    reason: str
    engine: str
    """`xmlschema`, `lxml`, or `parser` for what was refused before any schema."""
    code: str
    """A word for programs: the reason of a refusal, or the engine's own kind of error."""


@dataclass(frozen=True)
class Validation:
    """What both engines say of one document."""

    valid: bool
    problems: tuple[Problem, ...] = ()
    root: str = ""
    """`{namespace}name`; empty if the document was refused before it was read."""
    namespace: str = ""
    schema_file: str = ""
    """The file with the schema of the root's namespace; empty if there is none."""
    engines_agree: bool = True
    disagreement: str | None = None
    """A difference that is not listed: the verdict is not to be trusted."""
    known_difference: str | None = None
    """A listed difference; the verdict of the engine that the list says is right stands."""


_seen: OrderedDict[tuple[bytes, str], Validation] = OrderedDict()
_seen_lock = threading.Lock()


def validate(data: bytes, schemas: SchemaSet, *, strict: bool = False) -> Validation:
    """Judge a document by the schema of its root's namespace; never raises for a bad document.

    Raises SchemaProblem where the schema needed is broken, and EngineDisagreement if `strict`.
    """
    key = (hashlib.sha256(data).digest(), schemas.identity)
    with _seen_lock:
        result = _seen.get(key)
        if result is not None:
            _seen.move_to_end(key)
    if result is None:
        result = _judge(data, schemas)
        with _seen_lock:
            _seen[key] = result
            while len(_seen) > REMEMBERED:
                _seen.popitem(last=False)
    if strict and result.disagreement is not None:
        raise EngineDisagreement(f"{result.root}: {result.disagreement}")
    return result


def _judge(data: bytes, schemas: SchemaSet) -> Validation:
    try:
        root = parse(data)
    except DocumentRefused as refused:
        problem = Problem(refused.line, "/", refused.message, "parser", refused.reason)
        return Validation(valid=False, problems=(problem,))
    return validate_element(root, schemas)


def validate_element(root: etree._Element, schemas: SchemaSet) -> Validation:
    """Judge an element already parsed, such as a document embedded in another; not remembered."""
    qname = etree.QName(root)
    namespace = qname.namespace or ""
    file = schemas.file_for(namespace)
    if file is None:
        return Validation(False, (_unknown(root, namespace),), qname.text, namespace)
    compiled = schemas.compiled(etree.QName(e).namespace or "" for e in root.iter(etree.Element))
    decided = _by_xmlschema(root, compiled)
    checked = _by_lxml(root, compiled)
    known, unlisted = _compare(decided, checked)
    valid = not (checked if known is not None and known.right == "lxml" else decided)
    return Validation(
        valid=valid,
        problems=() if valid else tuple(p for p, _ in (*decided, *checked)),
        root=qname.text,
        namespace=namespace,
        schema_file=str(file.path),
        engines_agree=bool(decided) == bool(checked),
        disagreement=unlisted,
        known_difference=f"{known.name}: {known.why}" if known is not None else None,
    )


def _unknown(root: etree._Element, namespace: str) -> Problem:
    where = f"the namespace {namespace}" if namespace else "documents without a namespace"
    name = etree.QName(root).localname
    reason = f"there is no schema for {where}, so <{name}> cannot be judged"
    return Problem(line_of(root), f"/{name}", reason, "muster", "unknown_namespace")


_RAISED = (XMLSchemaException, LookupError, ValueError, TypeError, ArithmeticError, RecursionError)
Complaints = list[tuple[Problem, Complaint]]


def _by_xmlschema(root: etree._Element, compiled: Compiled) -> Complaints:
    found: Complaints = []
    with compiled.lock:
        try:
            for error in compiled.deciding.iter_errors(root):
                found.append(_from_xmlschema(error, root))
        except _RAISED as error:
            # For some content, such as an unknown xsi:type, it raises in place of reporting.
            reason = " ".join(str(error).split()) or "cannot be judged"
            kind = type(error).__name__.removeprefix("XMLSchema")
            problem = Problem(line_of(root), "/", reason, "xmlschema", kind)
            found.append((problem, Complaint(kind, reason)))
    return found


def _from_xmlschema(
    error: XMLSchemaValidationError, root: etree._Element
) -> tuple[Problem, Complaint]:
    reason = " ".join((error.reason or error.message or "is not valid").split())
    value = error.obj if isinstance(error.obj, str) else getattr(error.elem, "text", None) or ""
    kind = type(error).__name__.removeprefix("XMLSchema")
    place = path_of(error.elem) if etree.iselement(error.elem) else error.path or "/"
    problem = Problem(error.sourceline or line_of(root), place, reason, "xmlschema", kind)
    about = f"{reason} {error.validator}"
    if isinstance(error.validator, XsdGroup):
        about = " ".join((about, *marks_of(error.validator)))
    return problem, Complaint(kind, about, value)


def _by_lxml(root: etree._Element, compiled: Compiled) -> Complaints:
    with compiled.lock:
        if compiled.crosschecking.validate(root):
            return []
        log = list(cast("Iterable[etree._LogEntry]", compiled.crosschecking.error_log))
    return [_from_lxml(entry, root) for entry in log]


def _from_lxml(entry: etree._LogEntry, root: etree._Element) -> tuple[Problem, Complaint]:
    place = _readable(entry.path or "/", root)
    problem = Problem(max(entry.line, 1), place, entry.message, "lxml", entry.type_name)
    return problem, Complaint(entry.type_name, entry.message, _quoted_value(entry.message))


def _readable(path: str, root: etree._Element) -> str:
    """Return a path of names for one that libxml2 wrote with prefixes and stars."""
    prefixes = {
        name: uri
        for element in root.iter(etree.Element)
        for name, uri in element.nsmap.items()
        if name is not None
    }
    below = path.lstrip("/").partition("/")[2]
    try:
        found = root.findall(f"./{below}", prefixes) if below else [root]
    except SyntaxError:
        return path
    return path_of(found[0]) if len(found) == 1 else path


def _quoted_value(message: str) -> str:
    """Return the text or attribute value that the message is about."""
    return message.partition(": '")[2].rpartition("' is not a valid value")[0]


def _compare(decided: Complaints, checked: Complaints) -> tuple[KnownDifference | None, str | None]:
    """Return the listed and the unlisted difference between the engines, at most one of them."""
    if bool(decided) == bool(checked):
        return None, None
    engine, alone = ("xmlschema", decided) if decided else ("lxml", checked)
    known = known_difference(engine, tuple(complaint for _, complaint in alone))
    if known is not None:
        return known, None
    first = alone[0][0]
    return None, f"only {engine} objects, line {first.line} {first.path}: {first.reason}"
