"""The cases of all modules of these tests, for what holds of every check."""

import importlib
import pkgutil

from tests import checks

OF_ALL = (
    "case_tables",
    "told_facts",
    "test_every_check",
    "test_told_facts",
    "test_weak_facts",
    "test_what_else_is_sent",
)
MODULES = [
    importlib.import_module(f"{checks.__name__}.{module.name}")
    for module in pkgutil.iter_modules(checks.__path__)
    if module.name not in OF_ALL
]
TESTED = [tests for tests in MODULES if isinstance(getattr(tests, "REPORTED", None), tuple)]
ACCEPTED = [case for tests in TESTED for case in tests.ACCEPTED]
REPORTED = [case for tests in TESTED for case in tests.REPORTED]
