"""Writes docs/documents.md: `python -m muster.documents.overview > docs/documents.md`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from muster.documents.recognise import BY_NAME, DocumentType, recognise
from muster.documents.rules import rules_for
from muster.documents.schemas import own_schemas

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
each problem with line, path, clause and the engine that found it, and the rules that it applied;
it ends with 0 when all are valid, 1 when not, 64 when it could not look.

A document may have 1 MiB and 256 levels of elements; one with a DOCTYPE or in another encoding
than UTF-8 is refused.

## Your own schemas

`--schemas DIR`, for `muster validate` and `muster run`, puts your XSD files in place of ours:

- A file counts by its target namespace, whatever its name; `.txt` files that hold a schema count.
- Imports are resolved by namespace inside DIR and our own schemas; nothing is fetched.
- Where DIR has no schema of a namespace, ours is used; the run says where.
- Of several schemas of one namespace, `--release rel13` takes the one whose file name begins with
  that release; otherwise a file without a release in its name is the newest.

`muster run` stops with 64 before anything starts when a schema is broken or lacks an import.

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

Systems are `primary`, `partner` and `neighbour`; services `mcptt`, `mcvideo` and `mcdata`.
Addresses and identities are made anew in each run, so files have our placeholders, such as
`{{ user.mcptt_id }}` or `{{ at.cms_xcap_root }}`: start from a copy of our template.

Before anything starts, every document is filled in for a sample of the world, validated,
rule-checked, and searched for the identities, groups and addresses that the suite judges by. All
problems are told at once, and `muster run` ends with 64. A file that takes the place of no
document is a problem too.
"""


def overview() -> str:
    """Return the whole text."""
    return INTRODUCTION + "\n".join(_table()) + "\n" + USE


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
