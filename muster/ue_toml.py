"""Reads `ue.toml` and its secrets. A wrong file is refused before anything starts: every error at
once, in the user's words, with its line.
"""

from __future__ import annotations

import os
import re
import tomllib
import types
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from muster.configuration import (
    DRIVERS,
    SERVERS,
    CommandChoice,
    Configuration,
    ServerFiles,
    TlsFiles,
    WrongConfiguration,
    no_builtin,
)
from muster.ics import known_items
from muster.requirements import Catalogue
from muster.suite import suite_root
from muster.ue.contract import OPERATIONS
from muster.ue_secrets import Secrets, from_environment

OWN = "own_"
"""How the items of a laboratory's own features begin; any other one must be known."""


def load_configuration(path: Path) -> Configuration:
    """Read `ue.toml`; WrongConfiguration lists all that is wrong with it."""
    text, tables = _read(path)
    errors = []
    try:
        configuration = Configuration.model_validate(tables)
    except ValidationError as error:
        configuration = None
        errors = list(_in_words(error, text, Configuration))
    errors += [_with_line(text, where, told) for where, told in _further(tables, path)]
    if errors or configuration is None:
        raise WrongConfiguration(path, sorted(errors, key=_line_in))
    return _with_places_found(configuration, path.absolute().parent)


def load_secrets(
    path: Path | None, configuration: Configuration, environment: Mapping[str, str] = os.environ
) -> Secrets:
    """Read the file of secrets that `ue.toml` (at the path) names, and the environment above it."""
    tables: dict[str, Any] = {}
    text, place = "", Path("the environment")
    if path is not None and configuration.secrets is not None:
        place = path.absolute().parent / configuration.secrets.file
        text, tables = _read(place)
    set_apart = from_environment(environment)
    users = tables.get("users", {})
    if isinstance(users, dict):
        tables = {**tables, "users": {**users, **set_apart.get("users", {})}}
    if "driver" in set_apart:
        tables = {**tables, "driver": set_apart["driver"]}
    try:
        return Secrets.model_validate(tables)
    except ValidationError as error:
        told = _in_words(error, text, Secrets, shown=False)
        raise WrongConfiguration(place, sorted(told, key=_line_in)) from None


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_bytes().decode("utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise WrongConfiguration(path, [f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise WrongConfiguration(path, [f"is not UTF-8 (byte {error.start})"]) from error
    except tomllib.TOMLDecodeError as error:
        raise WrongConfiguration(path, [f"is not TOML: {error}"]) from error


# What the model alone cannot tell ----------------------------------------------------------------


def _further(tables: Mapping[str, Any], path: Path) -> Iterator[tuple[list[str], str]]:
    """Yield what is wrong beyond types: where, and in which words."""
    ixit, ics, driver = (_table(tables, name) for name in ("ixit", "ics", "driver"))
    documents = ixit.get("documents")
    if isinstance(documents, str) and documents:
        folder = (path.absolute().parent / documents).resolve()
        if not folder.is_dir():
            yield ["ixit", "documents"], f"{folder} is no folder"
    yield from _tls_problems(ixit, path.absolute().parent)
    for operation in _table(ixit, "operations"):
        if operation not in OPERATIONS:
            near = _nearest(operation, OPERATIONS)
            yield ["ixit", "operations", operation], f"is no operation{near}"
    yield from _unknown_items(ics.get("items", {}))
    name = driver.get("name")
    if isinstance(name, str) and name.startswith(("faulty:", "variant:")):
        told = unknown_builtin(name)
        if told:
            yield ["driver", "name"], told
    secret = _table(tables, "secrets").get("file")
    if isinstance(secret, str) and secret:
        file = path.absolute().parent / secret
        if not file.is_file():
            yield ["secrets", "file"], f"{file} is no file"


def _tls_problems(ixit: Mapping[str, Any], folder: Path) -> Iterator[tuple[list[str], str]]:
    told = _table(ixit, "tls")
    if not told:
        return
    from muster.tls_material import problems_of  # imports cryptography, which few files need

    for where, problem in problems_of(told, folder):
        yield ["ixit", "tls", *where], problem
    for system in _table(told, "servers"):
        if system not in _table(ixit, "domains"):
            words = f"needs ixit.domains.{system}: without it names are new in each scenario"
            yield ["ixit", "tls", "servers", system], words


def _unknown_items(items: object) -> Iterator[tuple[list[str], str]]:
    if not isinstance(items, dict | list) or not items:
        return
    known = known_items(Catalogue.load(suite_root() / "fixtures" / "requirements"))
    for item in items:
        if isinstance(item, str) and item not in known and not item.startswith((OWN, "not-")):
            near = _nearest(item, known) or f"; an item of your own features begins with {OWN}"
            yield ["ics", "items", item], f"no feature or fact names this item{near}"


def unknown_builtin(name: str) -> str:
    """Say that there is no such built-in UE, with those that are near; empty for a known one."""
    from muster.ue.registry import ue_names

    if name in ue_names():
        return ""
    near = get_close_matches(name, ue_names(), n=3)
    return f"there is no built-in UE {name}; there are: {', '.join(near or ue_names())}"


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = tables.get(name)
    return found if isinstance(found, dict) else {}


def _with_places_found(configuration: Configuration, folder: Path) -> Configuration:
    """Name files and folders as they are seen from anywhere."""
    changed: dict[str, Any] = {}
    ixit = configuration.ixit
    places: dict[str, Any] = {"tls": _tls_found(ixit.tls, folder)}
    if ixit.documents is not None:
        places["documents"] = str((folder / ixit.documents).resolve())
    changed["ixit"] = ixit.model_copy(update=places)
    driver = configuration.driver
    if isinstance(driver, CommandChoice) and "/" in driver.command[0]:
        command = (os.path.normpath(folder / driver.command[0]), *driver.command[1:])
        changed["driver"] = driver.model_copy(update={"command": command})
    return configuration.model_copy(update=changed)


def _tls_found(tls: TlsFiles, folder: Path) -> TlsFiles:
    names = ("authority", "authority_key", "client_authority")
    found: dict[str, Any] = {
        name: str(folder / named) for name in names if (named := getattr(tls, name))
    }
    found["servers"] = {
        system: ServerFiles(certificate=str(folder / one.certificate), key=str(folder / one.key))
        for system, one in tls.servers.items()
    }
    return tls.model_copy(update=found)


# Errors in words ---------------------------------------------------------------------------------


def _in_words(
    error: ValidationError, text: str, model: type[BaseModel], shown: bool = True
) -> Iterator[str]:
    """Yield what is wrong; without `shown` no value is repeated, as it may be a secret."""
    for problem in error.errors(include_url=False):
        path = [str(part) for part in problem["loc"] if part != "[key]"]
        if path[:1] == ["driver"] and len(path) > 1 and path[1] in DRIVERS:
            del path[1]  # which of the drivers: no part of the file
        if problem["type"] == "union_tag_invalid":
            path.append("kind")
        told = _words({**problem, "shown": shown}, path, model)
        yield _with_line(text, path, told)


def _with_line(text: str, path: Sequence[str], told: str) -> str:
    line = line_of(text, path)
    where = f"line {line}: " if line else ""
    return f"{where}{'.'.join(path) or 'the file'}: {told}"


def _line_in(told: str) -> int:
    found = re.match(r"line (\d+)", told)
    return int(found.group(1)) if found else 0


EXPECTED = {
    "string_type": "a text in quotes is expected",
    "tuple_type": "a list is expected, such as [\"mcptt\"]",
    "bool_type": "true or false is expected",
    "model_type": "a table is expected",
    "model_attributes_type": "a table is expected",
    "dict_type": "a table is expected",
    "int_type": "a whole number is expected",
    "float_type": "a number is expected",
    "finite_number": "a finite number is expected",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}  # fmt: skip


def _words(problem: dict[str, Any], path: Sequence[str], model: type[BaseModel]) -> str:
    kind, given, shown = problem["type"], problem["input"], problem["shown"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"is not known here{_near(path, model)}"
    if kind == "union_tag_invalid":
        tag = problem["ctx"]["tag"]
        return f"there is no driver {tag!r}; there are: {', '.join(DRIVERS)}"
    if path == ["driver", "name"] and isinstance(given, str):
        return no_builtin(given)
    if kind == "string_pattern_mismatch" and path[:2] == ["ixit", "ports"]:
        servers = ", ".join(SERVERS)
        return f"is no server; name primary.<server> or partner.<server>, of {servers}"
    if kind == "string_too_short" and problem["ctx"]["min_length"] > 1:
        return f"is shorter than {problem['ctx']['min_length']} characters"
    if kind in EXPECTED:
        told = not kind.endswith("short") and shown
        return EXPECTED[kind] + (f", not {given!r}" if told else "")
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    message: str = problem["msg"].removeprefix("Input ")
    return f"{message}, not {given!r}" if shown else message


def _near(path: Sequence[str], model: type[BaseModel]) -> str:
    known = list(_fields_at(path[:-1], model))
    close = get_close_matches(path[-1], known, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; there are: {', '.join(known)}" if known else ""


def _fields_at(path: Sequence[str], model: type[BaseModel]) -> Iterator[str]:
    """Yield the keys that a table of the file can have."""
    tables: list[Any] = [model]
    for part in path:
        found = [table.model_fields[part].annotation for table in tables if _has(table, part)]
        tables = [inner for one in found for inner in _models_in(one)]
    for table in tables:
        yield from dict.fromkeys(getattr(table, "model_fields", ()))


def _has(table: Any, part: str) -> bool:
    return part in getattr(table, "model_fields", {})


def _models_in(annotation: Any) -> Iterator[Any]:
    """Yield the tables that a field can hold: itself, those of a union, the values of a mapping."""
    if get_origin(annotation) in (Union, types.UnionType) or hasattr(annotation, "__metadata__"):
        for inner in get_args(annotation):
            yield from _models_in(inner)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation


def _nearest(name: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


# Lines -------------------------------------------------------------------------------------------

KEY = r"(?:\"[^\"]*\"|'[^']*'|[\w-]+)"
HEADER = re.compile(rf"\s*\[\[?\s*({KEY}(?:\s*\.\s*{KEY})*)\s*\]")
ENTRY = re.compile(rf"\s*({KEY}(?:\s*\.\s*{KEY})*)\s*=")


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line that sets a key (or opens its table) in a TOML text; None where it is not found."""
    found, table = None, ""
    wanted = [".".join(path[:end]) for end in range(len(path), 0, -1)]
    best = len(wanted)
    for number, line in enumerate(text.splitlines(), start=1):
        header, entry = HEADER.match(line), ENTRY.match(line)
        if header:
            table = name = _bare(header.group(1))
        elif entry:
            name = ".".join(part for part in (table, _bare(entry.group(1))) if part)
        else:
            continue
        if name in wanted[:best]:
            best, found = wanted.index(name), number
    return found


def _bare(key: str) -> str:
    return re.sub(r"[\"'\s]", "", key)
