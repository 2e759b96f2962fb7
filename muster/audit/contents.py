"""What a bundle holds of a campaign: the record, what follows from it, and what it rests on."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

from muster import __version__
from muster.evidence import HttpExchange, Json
from muster.journal_files import BODY_NAME, JournalFile, read_journals
from muster.results import Results
from muster.suite import suite_digest

UE_TOML = "ue.toml"
SERVED = "served.json"
LABORATORY = "laboratory/documents/"
DERIVED = ("campaign.json", "junit.xml", "report.html", SERVED, UE_TOML)
"""Files that `verify` makes again from the journals."""

SECRET = re.compile(r"(password|passphrase|secret|token|private_key|credential)s?$")
MASKED = "masked"


def record_files(results: Results) -> dict[str, Path]:
    """Return journals and bodies by their name in the bundle."""
    folder = results.folder
    files = {path.name: path for path in sorted(folder.glob("journal-*.jsonl"))}
    bodies = folder / "bodies"
    if bodies.is_dir():
        names = (path for path in bodies.iterdir() if BODY_NAME.fullmatch(path.name))
        files.update({f"bodies/{path.name}": path for path in names})
    return files


def laboratory_documents(results: Results) -> tuple[dict[str, Path], list[str]]:
    """Return the documents a laboratory served in place of ours, and which are not there now."""
    told = _mapping(_mapping(results.campaign.get("laboratory")).get("documents"))
    folder = Path(str(told.get("folder", "")))
    files: dict[str, Path] = {}
    missing: list[str] = []
    listed = told.get("files")
    for one in map(_mapping, listed if isinstance(listed, list) else ()):
        name = PurePosixPath(str(one.get("file")))
        path = folder / name
        inside = not name.is_absolute() and ".." not in name.parts
        if inside and _digest(path) == one.get("sha256"):
            files[f"{LABORATORY}{name}"] = path
        else:
            missing.append(f"{path}: it is not there any more as it was used; {SERVED} tells")
    return files, missing


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file; empty where there is none."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def served(results: Results) -> bytes:
    """Return the index of all that the stubs served: where, to which request, which body."""
    rows = []
    for scenario in results.scenarios:
        for seen in scenario.exchanges:
            if isinstance(seen, HttpExchange) and seen.response_body:
                rows.append(
                    {
                        "scenario": scenario.id,
                        "exchange": seen.name,
                        "system": seen.system,
                        "server": seen.server,
                        "request": seen.summary,
                        "status": seen.status,
                        "type": seen.response_header("Content-Type") or "",
                        "etag": seen.response_header("ETag") or "",
                        "body": sha256(seen.response_body).hexdigest(),
                    }
                )
    return (json.dumps(rows, indent=1) + "\n").encode("ascii")


def ue_toml(campaign: Mapping[str, Json]) -> bytes:
    """Return `ue.toml` as the journal knows it: what was claimed and set, without any secret."""
    subject = _mapping(campaign.get("subject"))
    tables = {
        "ue": {name: subject[name] for name in ("vendor", "model", "software") if name in subject},
        "driver": campaign.get("driver") or {"name": subject.get("driver", "")},
        "ics": {k: v for k, v in _mapping(campaign.get("ics")).items() if k != "everything"},
        "ixit": campaign.get("ixit"),
    }
    lines = ["# As the journal of the campaign knows it; secrets are left out."]
    for name, table in tables.items():
        lines += ["", *_table((name,), _mapping(table))]
    return ("\n".join(lines) + "\n").encode()


def _table(path: tuple[str, ...], table: Mapping[str, Json]) -> Iterator[str]:
    yield f"[{'.'.join(map(_key, path))}]"
    inner = {name: value for name, value in table.items() if isinstance(value, Mapping)}
    for name, value in table.items():
        if SECRET.search(name.lower()) and value not in (None, "", [], {}):
            yield f"{_key(name)} = {_value(MASKED)}"
        elif name not in inner and value is not None:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in inner.items():
        if value and not SECRET.search(name.lower()):
            yield ""
            yield from _table((*path, name), value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


def _value(value: Json) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case list() | tuple():
            return f"[{', '.join(_value(item) for item in value)}]"
        case Mapping():
            members = (f"{_key(name)} = {_value(item)}" for name, item in value.items())
            return f"{{ {', '.join(members)} }}"
    # TOML takes the escapes of JSON, but no halves of a character.
    text = str(value).encode("utf-8", "replace").decode()
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def manifest_of(
    results: Results,
    files: Mapping[str, bytes | Path],
    headline: str,
    certified: bool,
    reasons: Sequence[str],
) -> dict[str, Json]:
    """Return the manifest: who was tested with what, the headline, every file with its digest."""
    return {
        "format": 1,
        "suite": {"name": "muster", "version": __version__, "digest": suite_digest()},
        "made_with": made_with(),
        "campaign_suite": results.campaign.get("suite"),
        "subject": results.campaign.get("subject"),
        "headline": headline,
        "certified": certified,
        "not_certifiable_because": list(reasons),
        "chain_heads": heads(read_journals(results.folder)),
        "files": {name: _listed(data) for name, data in sorted(files.items())},
    }


def made_with() -> dict[str, str]:
    """Return the libraries on which the bytes of a report may depend."""
    return {
        "Python": platform.python_version(),
        "Jinja": importlib.metadata.version("jinja2"),
        "MarkupSafe": importlib.metadata.version("markupsafe"),
    }


def heads(journals: Sequence[JournalFile]) -> dict[str, str]:
    return {journal.name: journal.head for journal in journals}


def _listed(data: bytes | Path) -> dict[str, Json]:
    content = data if isinstance(data, bytes) else data.read_bytes()
    return {"size": len(content), "sha256": sha256(content).hexdigest()}


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
