"""Both engines' compilation of a set of schemas, offline, imports resolved by namespace alone."""

import copy
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from lxml import etree
from xmlschema import XMLSchema10, XMLSchemaException

from muster.documents.schema_files import XSD, SchemaFile, SchemaProblem


@dataclass(frozen=True)
class Compiled:
    """What documents are validated with; the lock is for libxml2, whose error log is shared."""

    deciding: XMLSchema10
    crosschecking: etree.XMLSchema
    broken: dict[str, SchemaProblem]
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)


def compile_all(files: dict[str, SchemaFile]) -> Compiled:
    """Compile every namespace that can be; the others are told in `broken`."""
    broken = _without_imports(files)
    usable = {name: file for name, file in files.items() if name not in broken}
    try:
        return Compiled(*_compile(usable), broken)
    except (XMLSchemaException, etree.XMLSchemaParseError):
        broken |= _not_compiling(usable)
    usable = {name: file for name, file in usable.items() if name not in broken}
    try:
        return Compiled(*_compile(usable), broken)
    except (XMLSchemaException, etree.XMLSchemaParseError) as error:
        first = next(iter(files.values()))
        raise SchemaProblem(
            first.path.parent, "", f"schemas contradict each other: {error}", "look at both"
        ) from error


def closure(namespace: str, files: dict[str, SchemaFile]) -> dict[str, SchemaFile]:
    """Return the schema of a namespace and all that it imports, directly or not."""
    reached: dict[str, SchemaFile] = {}
    waiting = [namespace]
    while waiting:
        name = waiting.pop()
        if name in files and name not in reached:
            reached[name] = files[name]
            waiting.extend(files[name].imports())
    return reached


def _without_imports(files: dict[str, SchemaFile]) -> dict[str, SchemaProblem]:
    """Find namespaces that need one for which there is no schema."""
    broken: dict[str, SchemaProblem] = {}
    for namespace in files:
        for file in closure(namespace, files).values():
            missing = [name for name in file.imports() if name not in files and file.names(name)]
            if missing:
                broken.setdefault(
                    namespace,
                    SchemaProblem(
                        file.path,
                        file.namespace,
                        f"imports {missing[0]}, for which there is no schema",
                        "put a schema of that namespace into the folder",
                    ),
                )
    return broken


def _not_compiling(files: dict[str, SchemaFile]) -> dict[str, SchemaProblem]:
    """Find the namespaces that do not compile even with only their own imports."""
    guilty: dict[str, SchemaProblem] = {}
    # Small closures first: the schema itself is named, not those that import it.
    for namespace in sorted(files, key=lambda name: len(closure(name, files))):
        needed = closure(namespace, files)
        inherited = [guilty[name] for name in needed if name in guilty]
        if inherited:
            guilty[namespace] = inherited[0]
            continue
        try:
            _compile(needed)
        except (XMLSchemaException, etree.XMLSchemaParseError) as error:
            guilty[namespace] = SchemaProblem(
                files[namespace].path,
                namespace,
                f"is not a valid schema: {_reason(error)}",
                "repair the file, or remove it to use ours",
            )
    return guilty


def _reason(error: Exception) -> str:
    return str(getattr(error, "message", "") or error).strip().splitlines()[0]


def _compile(files: dict[str, SchemaFile]) -> tuple[XMLSchema10, etree.XMLSchema]:
    """Write the set with rewritten locations into a folder of its own and let both engines read it.

    The folder matters only while compiling. One location for each namespace, because both engines
    silently drop a second import of a namespace; a driver schema that imports all of them.
    """
    with tempfile.TemporaryDirectory(prefix="muster-schemas-") as name:
        folder = Path(name)
        for number, file in enumerate(files.values()):
            _write(file, f"{number}", folder, files)
        driver = folder / "driver.xsd"
        driver.write_bytes(_driver(files))
        crosschecking = etree.XMLSchema(etree.parse(driver, etree.XMLParser(no_network=True)))
        deciding = XMLSchema10(str(driver), allow="local", use_fallback=False)
    return deciding, crosschecking


def _write(file: SchemaFile, name: str, folder: Path, files: dict[str, SchemaFile]) -> None:
    root = copy.deepcopy(file.root)
    _rewrite_imports(root, files)
    includes = [e for tag in ("include", "redefine") for e in root.iterfind(f"{{{XSD}}}{tag}")]
    parts = {part.path: f"{name}.{number}" for number, part in enumerate(file.included)}
    for element in includes:
        target = (file.path.parent / element.get("schemaLocation", "")).resolve()
        if target in parts:
            element.set("schemaLocation", f"{parts[target]}.xsd")
        else:
            # An include of a file that includes this one: already part of the same schema.
            root.remove(element)
    (folder / f"{name}.xsd").write_bytes(etree.tostring(root))
    for part in file.included:
        _write(part, parts[part.path], folder, files)


def _rewrite_imports(root: etree._Element, files: dict[str, SchemaFile]) -> None:
    order = list(files)
    seen: set[str] = set()
    for element in root.findall(f"{{{XSD}}}import"):
        namespace = element.get("namespace", "")
        if namespace in seen or namespace not in files:
            root.remove(element)
            continue
        seen.add(namespace)
        element.set("schemaLocation", f"{order.index(namespace)}.xsd")


def _driver(files: dict[str, SchemaFile]) -> bytes:
    root = etree.Element(f"{{{XSD}}}schema", nsmap={"xs": XSD})
    for number, namespace in enumerate(files):
        element = etree.SubElement(root, f"{{{XSD}}}import", schemaLocation=quote(f"{number}.xsd"))
        if namespace:
            element.set("namespace", namespace)
    return etree.tostring(root)
