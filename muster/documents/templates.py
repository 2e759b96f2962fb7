"""The XML templates of documents: ours, and those of a laboratory's folder in their place."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import TemplatesNotFound
from jinja2.sandbox import SandboxedEnvironment

from muster.errors import SuiteError
from muster.suite import suite_root


class TemplateProblem(SuiteError):
    """A template cannot be filled in; the message names file, line and what is wrong."""


@dataclass(frozen=True)
class Rendered:
    """A document with the file that it was made from."""

    body: bytes
    template: Path


def own_templates() -> Path:
    """Return the folder of the templates that come with the suite."""
    return suite_root() / "fixtures" / "documents"


@dataclass(frozen=True)
class Templates:
    """Finds the template of a document by name: for one system, for all, then our own."""

    laboratory: Path | None = None

    def render(self, names: Sequence[str], system: str, **members: Any) -> Rendered:
        """Fill in the first of these templates that there is, the most special name first."""
        environment = _environment(self._folders(system))
        try:
            template = environment.select_template(list(names))
            text = template.render(members)
        except TemplatesNotFound as error:
            raise TemplateProblem(f"there is no template {' or '.join(names)}") from error
        except TemplateSyntaxError as error:
            raise TemplateProblem(f"{error.filename}:{error.lineno}: {error.message}") from error
        except (TemplateError, LookupError, TypeError, ValueError) as error:
            raise TemplateProblem(f"{_place(error, names)}: {error}") from error
        # An XML declaration is only one at the very beginning.
        return Rendered(text.strip().encode("utf-8") + b"\n", Path(template.filename or names[0]))

    def _folders(self, system: str) -> tuple[Path, ...]:
        theirs = self.laboratory
        return (*((theirs / system, theirs) if theirs else ()), own_templates())


def _place(error: Exception, names: Sequence[str]) -> str:
    """Say where in which template an error arose: the innermost template of its traceback."""
    found = names[-1]
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".xml"):
            found = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


@functools.cache
def _environment(folders: tuple[Path, ...]) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
