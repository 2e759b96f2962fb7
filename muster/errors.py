"""Errors about the suite itself; departures of the system under test are findings, never errors."""


class SuiteError(Exception):
    """Something is wrong with Muster, its features or its fixtures: the verdict is ERROR."""


class RecordLost(SuiteError):
    """The journal cannot be written any more: nothing that is seen from now on counts."""
