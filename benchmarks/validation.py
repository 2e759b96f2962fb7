"""Cost of validation against bare lxml in the same run: `python benchmarks/validation.py`.

Budget: a document that was seen before costs at most 1.2 times the parse.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lxml import etree

from muster.documents.schemas import own_schemas
from muster.documents.validate import validate

BUDGET = 1.2
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


def measure(size: int) -> bool:
    """Print one row and tell whether the budget is kept."""
    schemas = own_schemas()
    data = document(size)
    if not validate(data, schemas).valid:
        raise SystemExit("the benchmark's document is not valid")
    parse = median(lambda: etree.fromstring(data), 200)
    lxml = schemas.compiled([]).crosschecking
    bare = median(lambda: lxml.validate(etree.fromstring(data)), 50)
    fresh = iter([document(size, number) for number in range(1, 8)])
    first = median(lambda: validate(next(fresh), schemas), 7)
    repeated = median(lambda: validate(data, schemas), 200)
    print(
        f"{len(data) / 1000:6.1f} KB  lxml parse {parse:.3f} ms, parse+validate {bare:.3f} ms"
        f"  first {first:.2f} ms ({first / bare:.1f}x of parse+validate)"
        f"  repeated {repeated:.3f} ms ({repeated / bare:.2f}x, {repeated / parse:.2f}x of parse)"
    )
    return repeated <= BUDGET * parse


if __name__ == "__main__":
    kept = [measure(size) for size in (5_000, 100_000)]
    sys.exit(0 if all(kept) else 1)
