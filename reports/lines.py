"""Texts as numbers of lines: what many messages have in common is kept once.

Documents and header fields differ from scenario to scenario in some lines only. A text becomes
runs of lines: where a run begins in the table, and how many lines it has, flat in one list.
"""

from __future__ import annotations

from collections.abc import Iterable


class Lines:
    """A growing table of lines."""

    def __init__(self) -> None:
        self.table: list[str] = []
        self._numbers: dict[str, int] = {}

    def add(self, lines: Iterable[str]) -> list[int]:
        """Return the runs of these lines; those that are new come into the table."""
        table, numbers = self.table, self._numbers
        runs: list[int] = []
        # Where a known text may be read on: right after the last line of it, or one line further,
        # because what differs from world to world are mostly single lines.
        following = beyond = -1
        for line in lines:
            if 0 <= following < len(table) and table[following] == line:
                number = following
            elif 0 <= beyond < len(table) and table[beyond] == line:
                number = beyond
            else:
                number = numbers.setdefault(line, len(table))
                if number == len(table):
                    table.append(line)
            if number == following:
                runs[-1] += 1
                beyond += 1
            else:
                runs += (number, 1)
                beyond = number + 2 if number == beyond else following + 1
            following = number + 1
        return runs

    def lines(self, runs: list[int]) -> list[str]:
        """The inverse of `add`."""
        pairs = zip(runs[::2], runs[1::2], strict=True)
        return [line for begin, count in pairs for line in self.table[begin : begin + count]]
