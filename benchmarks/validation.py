"""Cost of validation against bare lxml in the same run: `python -m benchmarks.validation`.

Budget: a document that was seen before costs at most 1.2 times the parse.
"""

import statistics
import sys
import time
from collections.abc import Callable

from lxml import etree

from benchmarks.figures import RATIO, Amount, Budget, Figure, main
from muster.documents.schemas import own_schemas
from muster.documents.validate import validate

BUDGET = Budget(1.2, RATIO)
HEAD = (
    '<mcptt-user-profile xmlns="urn:3gpp:mcptt:user-profile:1.0" XUI-URI="sip:a@b.example" '
    'user-profile-index="1"><Status>true</Status><OnNetwork index="1"><MCPTTGroupInfo>\n'
)
TAIL = "</MCPTTGroupInfo></OnNetwork></mcptt-user-profile>\n"


def document(size: int, number: int = 0) -> bytes:
    """Return a valid user profile of about `size` bytes; each number gives other content."""
    entry = f'<entry index="{{}}"><uri-entry>sip:group-{number}-{{}}@primary.example</uri-entry>'
    parts = [HEAD]
    length = len(HEAD) + len(TAIL)
    while length < size:
        parts.append(entry.format(len(parts), len(parts)) + "</entry>\n")
        length += len(parts[-1])
    return "".join([*parts, TAIL]).encode()


def median(call: Callable[[], object], times: int) -> float:
    """Return the median of several runs, in milliseconds."""
    samples = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        samples.append((time.perf_counter() - started) * 1000)
    return statistics.median(samples)


def measure(size: int, times: int) -> Figure:
    """The cost for a document of about so many octets."""
    schemas = own_schemas()
    data = document(size)
    if not validate(data, schemas).valid:
        raise SystemExit("the benchmark's document is not valid")
    parse = median(lambda: etree.fromstring(data), 4 * times)
    lxml = schemas.compiled([]).crosschecking
    bare = median(lambda: lxml.validate(etree.fromstring(data)), times)
    fresh = iter([document(size, number) for number in range(1, 8)])
    first = median(lambda: validate(next(fresh), schemas), 7)
    repeated = median(lambda: validate(data, schemas), 4 * times)
    return Figure(
        f"a document of {len(data) / 1000:.0f} KB that was seen before",
        BUDGET,
        Amount(1000 * repeated, "us", "verdict-grade"),
        Amount(1000 * parse, "us", "lxml, parse alone"),
        note=f"one that is new takes {first:.2f} ms, lxml's parse and validation {bare:.2f} ms",
    )


def figures(tiny: bool = False) -> list[Figure]:
    return [measure(size, 3 if tiny else 50) for size in (5_000, 100_000)]


if __name__ == "__main__":
    sys.exit(main("validation", figures))
