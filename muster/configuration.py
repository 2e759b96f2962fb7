"""What a campaign is told of a UE: the model of `ue.toml` (UE, driver, ICS, IXIT).

How a file is read, and how its mistakes are told, is in `muster.ue_toml`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictStr,
    Tag,
    ValidationError,
)

from muster.tags import SERVICES, Service, check_item

SERVERS = ("bootstrap", "idms", "cms", "gms", "kms", "sip")
System: TypeAlias = Literal["primary", "partner", "neighbour"]
PORT_NAME = rf"^({'|'.join(get_args(System))})\.({'|'.join(SERVERS)})$"
DRIVER_NAME = r"^(reference|(faulty|variant):[A-Za-z0-9_.-]+)$"
OPERATOR_SECONDS = 300.0
"""How long a person may take, where the IXIT does not say."""


def _address(text: str) -> str:
    """An IP address that a system listens on."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError(f"{text!r} is no IP address") from None


def _domain(text: str) -> str:
    """A DNS name, in lower case."""
    name = text.lower().removesuffix(".")
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if len(name) > 200 or not re.fullmatch(rf"{label}(\.{label})+", name):
        raise ValueError(f"{text!r} is no domain name; write one such as mc1.lab.example")
    return name


def _url(text: str) -> str:
    """The address of a driver: what comes before /operations."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{text!r} is no address of a driver; write http://HOST:PORT")
    if parts.username or parts.password:
        raise ValueError("holds a password; write driver.token in the file of secrets instead")
    if parts.query or parts.fragment:
        raise ValueError(f"{text!r} must end before ? and #")
    return text.rstrip("/")


def _urn(text: str) -> str:
    if not re.fullmatch(r"urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:[^\s<>\"]+", text):
        raise ValueError(f"{text!r} is no URN; write one such as urn:gsma:imei:90420156-025763-0")
    return text


def _sip_uri(text: str) -> str:
    if not re.fullmatch(r"sips?:[^\s<>@]+@[^\s<>@]+", text):
        raise ValueError(f"{text!r} is no SIP URI; write one such as sip:alice@ims.lab.example")
    return text


def _differing(given: dict[Any, Any]) -> dict[Any, Any]:
    """No value may stand twice: servers need a port each, systems an address each."""
    values = list(given.values())
    if len(set(values)) < len(values):
        twice = next(value for value in values if values.count(value) > 1)
        raise ValueError(f"{twice} stands twice; each needs its own")
    return given


def _as_table(given: object) -> object:
    """A list of items is the short form of a table in which each is true."""
    if isinstance(given, list | tuple) and all(isinstance(one, str) for one in given):
        return dict.fromkeys(given, True)
    return given


Text = Annotated[StrictStr, Field(min_length=1)]
Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[StrictStr, AfterValidator(_address)]
Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]
Item = Annotated[StrictStr, AfterValidator(check_item)]


class Table(BaseModel):
    """A table of the file: no other keys, no silent conversion."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Subject(Table):
    """Which UE is tested, in the vendor's words."""

    vendor: Text
    model: Text
    software: Text


# Drivers -----------------------------------------------------------------------------------------


class ReferenceChoice(Table):
    """A UE that comes with Muster, in the process of the campaign."""

    kind: Literal["reference"] = "reference"
    name: Annotated[StrictStr, Field(pattern=DRIVER_NAME)] = "reference"


class External(Table):
    """A driver that is another program."""

    trust_idle: StrictBool = False
    """Whether to wait no longer once the driver says that its UE is idle. Such a campaign is an
    exercise, like one with a built-in UE: what a UE says of itself is no ground of a verdict."""


class HttpChoice(External):
    """The vendor's control server."""

    kind: Literal["http"]
    url: Annotated[StrictStr, AfterValidator(_url)]


class CommandChoice(External):
    """The vendor's executable."""

    kind: Literal["command"]
    command: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]
    """The executable and its first arguments; the name of the operation comes last."""


class OperatorChoice(Table):
    """A person at the UE."""

    kind: Literal["operator"]
    trust_idle: Literal[False] = False


def _kind_of(given: Any) -> str | None:
    kind = given.get("kind", "reference") if isinstance(given, dict) else vars(given).get("kind")
    return kind if isinstance(kind, str) else None


DriverChoice: TypeAlias = Annotated[
    Annotated[ReferenceChoice, Tag("reference")]
    | Annotated[HttpChoice, Tag("http")]
    | Annotated[CommandChoice, Tag("command")]
    | Annotated[OperatorChoice, Tag("operator")],
    Discriminator(_kind_of),
]
DRIVERS: dict[str, type[Table]] = {
    "reference": ReferenceChoice,
    "http": HttpChoice,
    "command": CommandChoice,
    "operator": OperatorChoice,
}


# ICS and IXIT ------------------------------------------------------------------------------------


class Ics(Table):
    """What the vendor claims: services, and items that facts and features name."""

    services: Annotated[tuple[Service, ...], Field(strict=False, min_length=1)] = ("mcptt",)
    items: Annotated[dict[Item, StrictBool], BeforeValidator(_as_table)] = Field(
        default_factory=dict
    )

    @property
    def claimed(self) -> frozenset[str]:
        """The items that are claimed."""
        return frozenset(item for item, claimed in self.items.items() if claimed)


class Terminal(Table):
    """What the terminal has by itself; whatever is left out is made anew for each scenario."""

    mcs_ue_id: Text | None = None
    instance_id: Annotated[StrictStr, AfterValidator(_urn)] | None = None
    client_id: Text | None = None
    redirect_uri: Text | None = None
    public_identity: Annotated[StrictStr, AfterValidator(_sip_uri)] | None = None
    """SIP URI of the IMS identity (of the SIM) at the primary."""
    source_address: Address = "127.0.0.1"
    """What address the terminal sends from."""


class User(Table):
    """How a user of the features is known to the laboratory; the password is a secret."""

    username: Text


class ServerFiles(Table):
    """The certificate (with its chain) and the key that all servers of a system show, in PEM."""

    certificate: Text
    key: Text


class TlsFiles(Table):
    """Files in PEM, seen from `ue.toml`; what is left out is made anew for each campaign."""

    authority: Text | None = None
    """The authority that the UE trusts; with its key it certifies the servers."""
    authority_key: Text | None = None
    client_authority: Text | None = None
    """Whose client certificates are taken."""
    client_certificate: Literal["no", "asked", "required"] = "no"
    servers: dict[System, ServerFiles] = Field(default_factory=dict)
    """Certificates of a laboratory's own; then the domain of the system must be fixed."""


class Ixit(Table):
    """How the UE is reached and how long it is given."""

    clock_scale: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 1.0
    answer_seconds: Seconds = 10.0
    """How long an expected request is waited for."""
    quiet_seconds: Seconds = 2.0
    """The window of time that a check of absence covers."""
    operation_seconds: Annotated[float, Field(gt=0, le=3600)] | None = None
    """How long an operation may take; None: 30 s, and for an operator 300 s."""
    operations: dict[str, Annotated[float, Field(gt=0, le=3600)]] = Field(default_factory=dict)
    """The same for single operations, such as migrate = 90."""
    hosts: Annotated[dict[System, Address], AfterValidator(_differing)] = Field(
        default_factory=dict
    )
    """Fixed addresses to listen on, such as primary = "127.0.0.10"; no two systems share one."""
    ports: Annotated[
        dict[Annotated[str, Field(pattern=PORT_NAME)], Port], AfterValidator(_differing)
    ] = Field(default_factory=dict)
    """Fixed ports, such as "primary.cms" = 8443; every other server takes a free one."""
    domains: Annotated[
        dict[System, Annotated[StrictStr, AfterValidator(_domain)]], AfterValidator(_differing)
    ] = Field(default_factory=dict)
    """Fixed domains; the servers of a system are bootstrap.<domain>, idms.<domain>, ..."""
    pdn: dict[Text, Address] = Field(default_factory=dict)
    """Address that the UE sends from over each PDN connection it can be told of, by its name."""
    documents: Text | None = None
    """Folder with documents in place of ours, seen from `ue.toml`."""
    sip_digest: StrictBool = False
    """Whether the SIP cores challenge registrations (SIP Digest); with alice's password."""
    tls: TlsFiles = TlsFiles()
    same_names: StrictBool = False
    """Whether names, paths and identities are those of the campaign, not new in each scenario."""
    terminal: Terminal = Terminal()
    users: dict[Literal["alice", "bob"], User] = Field(default_factory=dict)

    @property
    def documents_folder(self) -> Path | None:
        return Path(self.documents) if self.documents else None

    @property
    def addresses(self) -> dict[str, str]:
        """The fixed addresses by system."""
        return {str(system): address for system, address in self.hosts.items()}

    @property
    def is_fixed(self) -> bool:
        """Whether addresses stand still: then only one process can run scenarios."""
        return bool(self.ports or self.hosts)


class SecretsPlace(Table):
    """Where the file of secrets is."""

    file: Text


class Configuration(Table):
    """All that `ue.toml` says."""

    ue: Subject
    driver: DriverChoice = ReferenceChoice()
    ics: Ics = Ics()
    ixit: Ixit = Ixit()
    secrets: SecretsPlace | None = None

    @property
    def builtin(self) -> bool:
        """True for a UE that comes with Muster, or is trusted like one: never certifiable."""
        return self.driver.kind == "reference" or self.driver.trust_idle

    def limit(self, operation: str) -> float:
        """Seconds that the driver may take for an operation."""
        usual = OPERATOR_SECONDS if self.driver.kind == "operator" else 30.0
        seconds = self.ixit.operations.get(operation) or self.ixit.operation_seconds or usual
        return seconds * self.ixit.clock_scale


class WrongConfiguration(Exception):
    """`ue.toml` cannot be taken as it stands; `errors` are all of them, in the user's words."""

    def __init__(self, path: Path, errors: Sequence[str]) -> None:
        super().__init__("\n".join(f"{path}: {error}" for error in errors))
        self.path = path
        self.errors = tuple(errors)


BUILTIN_PDN = {"visited": "127.87.65.43"}
"""A PDN connection that every built-in UE can be told of: another address of this machine."""


def builtin_configuration(driver: str = "reference") -> Configuration:
    """What is tested without a `ue.toml`: a UE that comes with Muster and claims everything."""
    from muster import __version__

    try:
        choice = ReferenceChoice(name=driver)
    except ValidationError:
        raise WrongConfiguration(Path("--driver"), [no_builtin(driver)]) from None
    subject = Subject(vendor="Muster", model=f"built-in UE {driver}", software=__version__)
    return Configuration(
        ue=subject, driver=choice, ics=Ics(services=SERVICES), ixit=Ixit(pdn=BUILTIN_PDN)
    )


def no_builtin(given: str) -> str:
    """Say that a name is none of a built-in UE."""
    return f"{given!r} is no built-in UE; write reference, faulty:<name> or variant:<name>"
