"""What py-spy saw: stacks in its raw form, counted by where they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

Frames = list[str]
"""As "name (file:line)", the innermost last."""


def counted(
    lines: Iterable[str], place: Callable[[Frames], str], counts: Callable[[Frames], bool]
) -> Counter[str]:
    """How often it was where, of the stacks that count."""
    seen = Counter[str]()
    for line in lines:
        stack, _, times = line.rstrip().rpartition(" ")
        frames = [frame for frame in stack.split(";") if not frame.startswith("process ")]
        if times.isdigit() and frames and counts(frames):
            seen[place(frames)] += int(times)
    return seen
