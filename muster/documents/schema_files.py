"""Schema files as found in a folder, before any engine compiles them."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from muster.errors import SuiteError

XSD = "http://www.w3.org/2001/XMLSchema"
XML = "http://www.w3.org/XML/1998/namespace"
_RELEASE = re.compile(r"rel-?(\d+)", re.IGNORECASE)
_INCLUDES = (f"{{{XSD}}}include", f"{{{XSD}}}redefine")
# Attributes of a schema whose values are QNames; a namespace named by none of them is not needed.
_QNAME_ATTRIBUTES = ("ref", "type", "base", "itemType", "memberTypes", "substitutionGroup", "refer")


class SchemaProblem(SuiteError):
    """A schema cannot be used: which file, which namespace, what is wrong, what to do."""

    def __init__(self, file: Path, namespace: str, problem: str, advice: str) -> None:
        about = f" (namespace {namespace})" if namespace else ""
        super().__init__(f"{file}{about}: {problem}; {advice}")
        self.file = file
        self.namespace = namespace
        self.problem = problem
        self.advice = advice


@dataclass(frozen=True)
class SchemaFile:
    """One schema document; its includes are kept with it."""

    path: Path
    namespace: str
    digest: str
    root: etree._Element
    included: tuple["SchemaFile", ...] = ()

    @property
    def release(self) -> int | None:
        """The release that the file name begins with; None for the newest."""
        match = _RELEASE.match(self.path.name)
        return int(match[1]) if match else None

    def preference(self, wanted: int | None) -> tuple[bool, bool, int, list[tuple[int, str]]]:
        """Order files of one namespace: the wanted release, none in the name, the highest, name."""
        return (
            wanted is not None and self.release == wanted,
            self.release is None,
            self.release or 0,
            [(int(n or 0), text) for n, text in re.findall(r"(\d*)(\D*)", self.path.name)],
        )

    def imports(self) -> list[str]:
        """Return the namespaces imported here and in the includes."""
        found = [e.get("namespace", "") for e in self.root.iterfind(f"{{{XSD}}}import")]
        for part in self.included:
            found.extend(part.imports())
        return found

    def names(self, namespace: str) -> bool:
        """Tell whether a definition here refers to something in `namespace`."""
        return any(part.names(namespace) for part in self.included) or any(
            _namespace_of(qname, element) == namespace
            for element in self.root.iter(f"{{{XSD}}}*")
            for attribute in _QNAME_ATTRIBUTES
            for qname in element.get(attribute, "").split()
        )


def _namespace_of(qname: str, element: etree._Element) -> str | None:
    prefix = qname.rpartition(":")[0]
    # The prefix xml is bound without a declaration, and lxml does not list it.
    return XML if prefix == "xml" else element.nsmap.get(prefix or None)


def read_folder(folder: Path, text_files: bool = False) -> list[SchemaFile]:
    """Read every schema under a folder; with `text_files` also .txt files that hold one."""
    if not folder.is_dir():
        raise SchemaProblem(folder, "", "is not a folder", "name a folder with .xsd files")
    suffixes = (".xsd", ".txt") if text_files else (".xsd",)
    found: dict[Path, etree._Element] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in suffixes or not path.is_file():
            continue
        root = _read(path)
        if root is not None:
            found[path.resolve()] = root
    included = {target for path, root in found.items() for target in _included(path, root)}
    return [_schema_file(path, found) for path in found if path not in included]


def _read(path: Path) -> etree._Element | None:
    """Return the schema element; None for a text file that is something else."""
    data = path.read_bytes()
    if path.suffix.lower() == ".txt" and XSD.encode() not in data:
        return None
    # A schema may have a DOCTYPE (that of xmldsig has); nothing outside of it is ever read.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SchemaProblem(
            path, "", f"is not well-formed XML: {error.msg}", "repair or remove the file"
        ) from None
    if root.tag == f"{{{XSD}}}schema":
        return root
    if path.suffix.lower() == ".txt":
        return None
    raise SchemaProblem(
        path, "", f"is not an XML schema, its root is {root.tag}", "repair or remove the file"
    )


def _included(path: Path, root: etree._Element) -> list[Path]:
    return [
        (path.parent / element.get("schemaLocation", "")).resolve()
        for tag in _INCLUDES
        for element in root.iterfind(tag)
    ]


def _schema_file(
    path: Path, found: dict[Path, etree._Element], above: tuple[Path, ...] = ()
) -> SchemaFile:
    root = found[path]
    parts = []
    for target in _included(path, root):
        if target in above or target == path:
            continue
        if target not in found:
            raise SchemaProblem(
                path,
                root.get("targetNamespace", ""),
                f"includes {target.name}, which is not in the folder",
                "put that file beside it",
            )
        parts.append(_schema_file(target, found, (*above, path)))
    content = etree.tostring(root) + b"".join(part.digest.encode() for part in parts)
    return SchemaFile(
        path,
        root.get("targetNamespace", ""),
        hashlib.sha256(content).hexdigest(),
        root,
        tuple(parts),
    )
