"""The documents of a world's systems: built from the plan, checked, put where they are served."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from muster.documents.build import MAX_PARTICIPANTS, Builder, Document
from muster.documents.schemas import SchemaSet
from muster.documents.validate import validate
from muster.documents.worlds import ProfilePlan
from muster.errors import SuiteError
from stubs.canonical import Canonical
from stubs.system import McSystem
from stubs.xcap import DocumentStore, StoredDocument

Change = Callable[[bytes], bytes]


class UnfitDocument(SuiteError):
    """A document that we would serve does not fit its schema."""


@dataclass(frozen=True)
class Population:
    """Fills the stores of systems that run, and changes single documents in them."""

    builder: Builder
    systems: Mapping[str, McSystem]
    schemas: SchemaSet

    def everything(self) -> None:
        """Store every document of the plan, to be written and judged once somebody asks for it."""
        for system, document in self.builder.everything():
            self._put(system, document, self._later(document))

    def initial_configuration(self, change: Change | None = None) -> StoredDocument:
        return self._store("primary", self.builder.initial_configuration(), change)

    def ue_configuration(self, system: str, user: str, service: str = "mcptt") -> StoredDocument:
        return self._store(system, self.builder.ue_configuration(system, user, service))

    def profile(self, profile: ProfilePlan) -> StoredDocument:
        return self._store(profile.system, self.builder.user_profile(profile))

    def service_configuration(
        self, system: str, time_limit: str | None = None, service: str = "mcptt"
    ) -> StoredDocument:
        document = self.builder.service_configuration(system, service, time_limit)
        return self._store(system, document)

    def group(
        self, system: str, label: str, max_participants: int = MAX_PARTICIPANTS
    ) -> StoredDocument:
        document = self.builder.group_document(system, label, max_participants)
        return self._store(system, document)

    def alter(self, system: str, selector: str, change: Change) -> StoredDocument:
        """Store a changed version of a document that is served, as wrong as a scenario wants it."""
        store = self._store_of(system, selector)
        document = store.get(selector)
        assert document is not None
        return store.put(replace(document, content=change(document.body)))

    def remove(self, system: str, selector: str) -> None:
        """Stop serving a document; those who subscribed to it are told."""
        self._store_of(system, selector).remove(selector)

    def _store_of(self, system: str, selector: str) -> DocumentStore:
        found = self.systems[system]
        for store in (found.bootstrap_documents, found.configuration, found.groups):
            if store.get(selector) is not None:
                return store
        raise SuiteError(f"the {system} system serves no {selector}")

    def _store(
        self, system: str, document: Document, change: Change | None = None
    ) -> StoredDocument:
        """Store a document; one that is changed on purpose may be as wrong as it likes."""
        if change is None:
            return self._put(system, document, self._later(document)())
        return self._put(system, document, change(document.body))

    def _put(
        self, system: str, document: Document, content: bytes | Callable[[], bytes]
    ) -> StoredDocument:
        kind = document.type
        stored = StoredDocument(
            document.selector, content, kind.media_type, document.reader, kind.service or ""
        )
        found: StoredDocument = getattr(self.systems[system], document.store).put(stored)
        return found

    def _later(self, document: Document) -> Callable[[], bytes]:
        """Return what writes and judges a document: nobody asks for most of a world's."""
        canonical = self._canonical

        @functools.cache
        def written() -> bytes:
            self._check(document, canonical)
            return document.body

        return written

    @cached_property
    def _canonical(self) -> Canonical:
        """Known once the systems run: it replaces their addresses."""
        return Canonical(self.systems, self.builder.terminal)

    def _check(self, document: Document, canonical: Canonical) -> None:
        """Judge a document by its canonical bytes, which every world of the process repeats."""
        result = validate(canonical(document.body), self.schemas, strict=True)
        if not result.valid:
            problem = result.problems[0]
            raise UnfitDocument(
                f"{document.selector} line {problem.line} {problem.path}: {problem.reason}"
            )
