"""What a laboratory puts in place of ours, schemas and documents: judged before anything starts."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from muster.campaign_settings import CampaignSettings
from muster.evidence import Json
from muster.suite import suite_root

if TYPE_CHECKING:
    from muster.documents.schemas import SchemaSet

# XML engines are imported only where a laboratory gives something: a campaign starts at once.


class LaboratoryRefused(Exception):
    """What the laboratory gives cannot be used; each line of the message is one problem."""


def examine(settings: CampaignSettings, console: Console) -> None:
    """Judge what the laboratory gives and say what is used; LaboratoryRefused if it is unfit."""
    documents = settings.ixit.documents_folder
    if settings.schemas is None and documents is None:
        return
    schemas = _usable(settings)
    if documents is not None:
        from muster.documents.replaced import problems_of
        from muster.documents.worlds import load_world

        worlds = sorted((suite_root() / "fixtures" / "worlds").glob("*.toml"))
        problems = problems_of(documents, [load_world(world) for world in worlds], schemas)
        if problems:
            raise LaboratoryRefused("\n".join(problems))
    for line in _told(settings, schemas):
        console.print(Text(line), soft_wrap=True)


def schemas_of(settings: CampaignSettings) -> SchemaSet:
    """Return the schemas of a campaign; SchemaProblem for a folder that holds none."""
    from muster.documents.schemas import SchemaSet, own_folder, own_schemas

    if settings.schemas is None:
        return own_schemas()
    return SchemaSet.from_directory(own_folder(), settings.schemas, settings.release)


def described(settings: CampaignSettings) -> dict[str, Json]:
    """Return what is used in place of ours, for the journal."""
    return {
        "schemas": _schemas_described(settings) if settings.schemas else None,
        "documents": _documents_described(settings.ixit.documents_folder),
    }


def documents_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.xml") if path.is_file())


def _usable(settings: CampaignSettings) -> SchemaSet:
    from muster.documents.schema_files import SchemaProblem

    try:
        schemas = schemas_of(settings)
        broken = schemas.broken
    except (SchemaProblem, ValueError) as error:
        raise LaboratoryRefused(str(error)) from error
    if broken:
        # One schema that cannot be used takes along all that import it.
        told = dict.fromkeys(str(problem) for problem in broken.values())
        raise LaboratoryRefused("\n".join(told))
    return schemas


def _told(settings: CampaignSettings, schemas: SchemaSet) -> list[str]:
    lines = []
    if settings.schemas is not None:
        lines.append(f"schemas of {settings.schemas}:")
        for name in schemas.replaced:
            lines.append(f"  in place of ours: {schemas.files[name].path.name} ({name})")
        for file in schemas.passed_over:
            lines.append(f"  passed over: {file.path.name} ({file.namespace})")
        lines.append(f"  ours where it has none: {', '.join(schemas.filled) or 'nowhere'}")
    folder = settings.ixit.documents_folder
    if folder is not None:
        names = [str(file.relative_to(folder)) for file in documents_in(folder)]
        lines.append(f"documents of {folder} in place of ours: {', '.join(names)}")
    return lines


def _schemas_described(settings: CampaignSettings) -> dict[str, Json]:
    schemas = schemas_of(settings)
    used = [schemas.files[name] for name in schemas.replaced]
    return {
        "folder": str(settings.schemas),
        "release": settings.release,
        "replaced": [
            {"namespace": file.namespace, "file": file.path.name, "sha256": file.digest}
            for file in used
        ],
        "filled": list(schemas.filled),
        "passed_over": [file.path.name for file in schemas.passed_over],
    }


def _documents_described(folder: Path | None) -> dict[str, Json] | None:
    if folder is None:
        return None
    files = [
        {
            "file": str(file.relative_to(folder)),
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in documents_in(folder)
    ]
    return {"folder": str(folder), "files": files}
