"""What a campaign is told: `ue.toml` (UE, driver, ICS, IXIT) and the settings of a run.

A wrong `ue.toml` is refused before anything starts, with every error at once.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictStr,
    ValidationError,
    model_validator,
)

from muster.tags import SERVICES, Claims, Service, check_item

SETTINGS_VARIABLE = "MUSTER_CAMPAIGN"
"""Holds the settings of a campaign for its processes; `muster run` always sets it anew."""
SERVERS = ("bootstrap", "idms", "cms", "gms", "kms", "sip")
PORT_NAME = rf"^(primary|partner|neighbour)\.({'|'.join(SERVERS)})$"
DRIVER_NAME = r"^(reference|(faulty|variant):[A-Za-z0-9_.-]+)$"


def _address(text: str) -> str:
    """An IP address that a system listens on."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError(f"{text!r} is no IP address") from None


Text = Annotated[StrictStr, Field(min_length=1)]
Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[StrictStr, AfterValidator(_address)]
Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


class Table(BaseModel):
    """A table of the file: no other keys, no silent conversion."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Subject(Table):
    """Which UE is tested, in the vendor's words."""

    vendor: Text
    model: Text
    software: Text


class DriverChoice(Table):
    """How Muster makes the UE act."""

    kind: Literal["reference"] = "reference"
    name: Annotated[StrictStr, Field(pattern=DRIVER_NAME)] = "reference"


class Ics(Table):
    """What the vendor claims: services, and free items that facts and features name."""

    services: Annotated[tuple[Service, ...], Field(strict=False, min_length=1)] = ("mcptt",)
    items: Annotated[tuple[StrictStr, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _items_are_items(self) -> Ics:
        for item in self.items:
            check_item(item)
        return self


class Ixit(Table):
    """How the UE is reached and how long it is given."""

    clock_scale: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 1.0
    answer_seconds: Seconds = 10.0
    """How long an expected request is waited for."""
    quiet_seconds: Seconds = 2.0
    """The window of time that a check of absence covers."""
    hosts: dict[Literal["primary", "partner", "neighbour"], Address] = Field(default_factory=dict)
    """Fixed addresses to listen on, such as primary = "127.0.0.10"; no two systems share one."""
    ports: dict[Annotated[str, Field(pattern=PORT_NAME)], Port] = Field(default_factory=dict)
    """Fixed ports, such as "primary.cms" = 8443; every other server takes a free one."""
    documents: Text | None = None
    """Folder with documents in place of ours, seen from `ue.toml`."""

    @property
    def documents_folder(self) -> Path | None:
        return Path(self.documents) if self.documents else None

    @model_validator(mode="after")
    def _ports_differ(self) -> Ixit:
        if len(set(self.ports.values())) < len(self.ports):
            raise ValueError("two servers have the same port; each server needs its own")
        if len(set(self.hosts.values())) < len(self.hosts):
            raise ValueError("two systems have the same address; cookies would be shared")
        return self

    @property
    def addresses(self) -> dict[str, str]:
        """The fixed addresses by system."""
        return {str(system): address for system, address in self.hosts.items()}

    @property
    def is_fixed(self) -> bool:
        """Whether addresses stand still: then only one process can run scenarios."""
        return bool(self.ports or self.hosts)


class Configuration(Table):
    """All that `ue.toml` says."""

    ue: Subject
    driver: DriverChoice = DriverChoice()
    ics: Ics = Ics()
    ixit: Ixit = Ixit()

    @property
    def builtin(self) -> bool:
        """True for a UE that comes with Muster: never certifiable."""
        return self.driver.kind == "reference"


class Selected(Table):
    """One feature file of a selection; no lines: all of its scenarios."""

    path: Path
    lines: tuple[int, ...] = ()


class CampaignSettings(BaseModel):
    """All that the processes of one campaign need to know; holds no secret."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    configuration: Configuration
    results: Path
    features: tuple[Selected, ...]
    folder: Path
    """Where the user called from: own features are named relative to it."""
    everything: bool = False
    """Claims every item: a built-in UE for which no `ue.toml` speaks."""
    schemas: Path | None = None
    """Folder with schemas in place of ours; `release` chooses where it has several."""
    release: str | None = None
    keylog: Path | None = None
    """File that takes the TLS secrets of every connection, for Wireshark."""
    steps: Path | None = None
    """Another folder of step modules in place of the suite's; for Muster's own tests."""
    seed: int = 0
    parent: int = 0
    """Process id of the controller; the campaign ends when it is gone."""

    @property
    def claims(self) -> Claims:
        from muster.ue.registry import not_claimed

        ics = self.configuration.ics
        denied = not_claimed(self.driver_name) if self.everything else frozenset()
        return Claims(frozenset(ics.services), frozenset(ics.items), self.everything, denied)

    @property
    def ixit(self) -> Ixit:
        return self.configuration.ixit

    @property
    def driver_name(self) -> str:
        return self.configuration.driver.name


class WrongConfiguration(Exception):
    """`ue.toml` cannot be taken as it stands; `errors` are all of them, in the user's words."""

    def __init__(self, path: Path, errors: Sequence[str]) -> None:
        super().__init__("\n".join(f"{path}: {error}" for error in errors))
        self.path = path
        self.errors = tuple(errors)


def builtin_configuration(driver: str = "reference") -> Configuration:
    """What is tested without a `ue.toml`: a UE that comes with Muster and claims everything."""
    from muster import __version__

    try:
        choice = DriverChoice(name=driver)
    except ValidationError:
        raise WrongConfiguration(Path("--driver"), [_driver_words(driver)]) from None
    subject = Subject(vendor="Muster", model=f"built-in UE {driver}", software=__version__)
    return Configuration(ue=subject, driver=choice, ics=Ics(services=SERVICES))


def load_configuration(path: Path) -> Configuration:
    """Read `ue.toml`; WrongConfiguration lists all that is wrong with it."""
    try:
        text = path.read_bytes().decode("utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise WrongConfiguration(path, [f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise WrongConfiguration(path, [f"is not UTF-8 (byte {error.start})"]) from error
    except tomllib.TOMLDecodeError as error:
        raise WrongConfiguration(path, [f"is not TOML: {error}"]) from error
    try:
        configuration = Configuration.model_validate(tables)
    except ValidationError as error:
        raise WrongConfiguration(path, sorted(_in_words(error, text), key=_line_in)) from error
    return _with_documents_found(configuration, path, text)


def _with_documents_found(configuration: Configuration, path: Path, text: str) -> Configuration:
    """Name the folder of documents as it is seen from anywhere."""
    named = configuration.ixit.documents_folder
    if named is None:
        return configuration
    folder = (path.absolute().parent / named).resolve()
    if not folder.is_dir():
        line = line_of(text, ["ixit", "documents"])
        raise WrongConfiguration(path, [f"line {line}: ixit.documents: {folder} is no folder"])
    ixit = configuration.ixit.model_copy(update={"documents": str(folder)})
    return configuration.model_copy(update={"ixit": ixit})


def _in_words(error: ValidationError, text: str) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        path = [str(part) for part in problem["loc"] if part != "[key]"]
        line = line_of(text, path)
        where = f"line {line}: " if line else ""
        yield f"{where}{'.'.join(path) or 'the file'}: {_words(dict(problem), path)}"


def _line_in(told: str) -> int:
    found = re.match(r"line (\d+)", told)
    return int(found.group(1)) if found else 0


EXPECTED = {
    "string_type": "a text in quotes is expected",
    "tuple_type": "a list is expected, such as [\"mcptt\"]",
    "model_type": "a table is expected",
    "dict_type": "a table is expected",
    "int_type": "a whole number is expected",
    "float_type": "a number is expected",
    "finite_number": "a finite number is expected",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}  # fmt: skip


def _words(problem: dict[str, Any], path: Sequence[str]) -> str:
    kind, given = problem["type"], problem["input"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"is not known here{_near(path)}"
    if path == ["driver", "kind"]:
        return f'{given!r} is not available in this version; there is: "reference"'
    if path == ["driver", "name"] and isinstance(given, str):
        return _driver_words(given)
    if kind == "string_pattern_mismatch" and path[:2] == ["ixit", "ports"]:
        servers = ", ".join(SERVERS)
        return f"is no server; name primary.<server> or partner.<server>, of {servers}"
    if kind in EXPECTED:
        return f"{EXPECTED[kind]}" + ("" if kind.endswith("short") else f", not {given!r}")
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    message: str = problem["msg"].removeprefix("Input ")
    return f"{message}, not {given!r}"


def _driver_words(given: str) -> str:
    return f"{given!r} is no built-in UE; write reference, faulty:<name> or variant:<name>"


def _near(path: Sequence[str]) -> str:
    table: Any = Configuration
    for part in path[:-1]:
        fields = getattr(table, "model_fields", {})
        table = fields[part].annotation if part in fields else None
    known = list(getattr(table, "model_fields", {}))
    close = get_close_matches(path[-1], known, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; there are: {', '.join(known)}" if known else ""


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line that sets a key (or opens its table) in a TOML text; None where it is not found."""
    found, table = None, ""
    wanted = [".".join(path[:end]) for end in range(len(path), 0, -1)]
    best = len(wanted)
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line)
        entry = re.match(r"\s*([\w.\"'-]+)\s*=", line)
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
