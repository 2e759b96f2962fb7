"""Writes docs/documents.md: `python -m muster.documents.overview > docs/documents.md`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from muster.documents.recognise import BY_NAME, DocumentType, recognise
from muster.documents.releases import ADDITIONS
from muster.documents.rules import rules_for
from muster.documents.schemas import own_schemas
from muster.documents.vocabulary import ANY_EXT_PLACES, weak_names

EXAMPLES = Path(__file__).resolve().parents[2] / "tests" / "documents"
KINDS = ("valid", "invalid", "rule-breaking")

INTRODUCTION = """\
# Documents

Muster knows these kinds of documents. Each is recognised by its root element, validated by two XML
schema engines, and checked by rules for what no schema can express.

Basis is how well namespace, root and application id are known: `verified` in a text of the
specification, `derived` from one, `corroborated` by independent sources, `reported` by one,
`provisional` by analogy. What is reported or provisional is never the ground of a FAIL.
Examples are counted as valid / not valid by the schema / valid but breaking a rule.

"""

USE = """
The reasons behind schemas and names stand in the head of each file in `fixtures/schemas/` and in
`muster/documents/vocabulary.py`, the one place of names that no verified text gives.

## Validating

`muster validate FILE...` judges documents, folders of them, or `-` for standard input. It prints
each problem with line, path, clause and what both engines say of it, what the document means by
leaving something out, and the rules that it applied. It ends with 0 when all are valid (a warning
convicts nobody), 1 when not, 64 when it could not look. The name under which a profile is served is
judged too where the file is called so: `mcptt-user-profile-1.xml`.

A document may have 1 MiB and 256 levels of elements; one with a DOCTYPE or in another encoding
than UTF-8 is refused. Nothing that a document names is fetched.

## Your own schemas

`--schemas DIR`, for `muster validate` and `muster run`, puts your XSD files in place of ours:

- A file counts by its target namespace, whatever its name; `.txt` files that hold a schema count.
- Imports are resolved by namespace inside DIR and our own schemas; nothing is fetched.
- Where DIR has no schema of a namespace, ours is used; the run says where.
- Of several schemas of one namespace, `--release rel13` takes the one whose file name begins with
  that release; otherwise a file without a release in its name is the newest. The others are named.

A schema that is broken or lacks an import, and a release that no file carries, end both commands
with 64 and one message before anything is judged or starts.

## Your own documents

The systems that Muster plays serve documents made from the templates in `fixtures/documents/`, for
the world in `fixtures/worlds/default.toml`. Yours take their place file by file:

```toml
[ixit]
documents = "documents"     # a folder beside ue.toml
```

```
documents/
  mcptt-user-profile.xml              every MCPTT user profile of every system
  primary/mcptt-user-profile-1.xml    the MCPTT user profile with index 1 of the primary system
  partner/group.xml                   every group document of the partner system
  group-county.xml                    the document of the group county
  parts/initial-configuration.xml     the initial configuration, at bootstrap and for partners
```

The first of these that exists is taken:

1. `<system>/<name>.xml`, then `<name>.xml`, with the special name: `<service>-user-profile-<index>`
   or `group-<group>`;
2. `<system>/<kind>.xml`, then `<kind>.xml`, with the kind: `mcptt-ue-init-config`, `group`, or
   `<service>-ue-config`, `<service>-user-profile`, `<service>-service-config`;
3. ours.

Systems are `primary`, `partner` and `neighbour` (and those of the other files in
`fixtures/worlds/`); services `mcptt`, `mcvideo` and `mcdata`.
Addresses and identities are made anew in each run, so files have our placeholders, such as
`{{ user.mcptt_id }}` or `{{ at.cms_xcap_root }}`: start from a copy of our template.

Before anything starts, every document is filled in for a sample of each world in
`fixtures/worlds/`, validated, rule-checked, and compared with what the suite judges by: the
identities, groups and addresses that it must name, and which profile is enabled and pre-selected.
All problems are told at once, and `muster run` ends with 64. A file that takes the place of no
document is a problem too.
"""


RELEASES = """
## Releases

What any release allows is accepted, and `muster validate` tells what it found of later ones.
"After" means that only an early and a late text were read. The last anyExt of the MCVideo UE
configuration, which V20.0.0 demands, may be there or not.

"""


NAMES = """
## Names that no verified text gives

They stand in `muster/documents/vocabulary.py` alone, and templates, rules and checks take them from
there. Their schemas let pass what they do not know, and what is reported or provisional is never
the ground of a FAIL: a laboratory that holds the text corrects one table.

"""


def overview() -> str:
    """Return the whole text."""
    table = "\n".join(_table())
    releases, names = "\n".join(_releases()), "\n".join(_names())
    return f"{INTRODUCTION}{table}\n{RELEASES}{releases}\n{NAMES}{names}\n{USE}"


def _names() -> Iterator[str]:
    yield "| name | of | basis | ground |"
    yield "|---|---|---|---|"
    for what, names in weak_names().items():
        for name in names:
            yield f"| `{name.text}` | {what} | {name.basis} | {name.clause} |"
    for element, place in ANY_EXT_PLACES.items():
        if place.basis in ("reported", "provisional"):
            yield f"| `{place.text}` | place of `{element}` | {place.basis} | {place.clause} |"


def _releases() -> Iterator[str]:
    yield "| document | earliest text | came later |"
    yield "|---|---|---|"
    for namespace, additions in ADDITIONS.items():
        names = [d.name for d in BY_NAME.values() if d.namespace == namespace]
        later: dict[str, list[str]] = {}
        for element, time in additions.since.items():
            later.setdefault(time, []).append(f"`{element}`")
        told = "; ".join(f"{time}: {', '.join(listed)}" for time, listed in later.items())
        yield f"| {', '.join(names)} | {additions.first} | {told or 'nothing that is known'} |"


def _table() -> Iterator[str]:
    head = ("document", "root", "clause", "media type", "application id", "basis", "schema")
    yield f"| {' | '.join(head)} | rules | examples |"
    yield "|---" * len(head) + "|--:|--:|"
    counts = _examples()
    for document in BY_NAME.values():
        numbers = " / ".join(str(counts[kind, document.name]) for kind in KINDS)
        yield f"| {' | '.join(_cells(document))} | {_rules(document)} | {numbers} |"


def _cells(document: DocumentType) -> tuple[str, ...]:
    file = own_schemas().file_for(document.namespace)
    return (
        document.name,
        f"`{document.root}`",
        document.clause,
        f"`{document.media_type}`" if document.media_type else "",
        f"`{document.auid}`" if document.auid else "",
        document.basis,
        f"`{file.path.name}`" if file else "",
    )


def _rules(document: DocumentType) -> int:
    return len({rule.requirement for rule in rules_for(document, named=True)})


def _examples() -> Counter[tuple[str, str]]:
    """Count examples by kind and document; one with a wrong root counts for its folder."""
    found: Counter[tuple[str, str]] = Counter()
    for kind in KINDS:
        for path in sorted((EXAMPLES / kind).glob("*/*.xml")):
            document = recognise(etree.parse(path).getroot())
            folder = {"signed-doc": "mcptt-signed"}.get(path.parent.name, path.parent.name)
            found[kind, document.name if document else folder] += 1
    return found


if __name__ == "__main__":
    print(overview(), end="")
