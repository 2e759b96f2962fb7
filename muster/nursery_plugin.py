"""The plugin that pytest loads first: a nursery gets ready while the other plugins are loaded.

Workers are given the same plugins; only xdist's controller has a nursery.
"""

import os

from muster.nursery import POSSIBLE, Nursery, serve_execnet

NURSERY = Nursery() if POSSIBLE and "PYTEST_XDIST_WORKER" not in os.environ else None


def pytest_configure() -> None:
    if NURSERY is not None:
        serve_execnet(NURSERY)
