"""The running world of the tests of the stubs."""

from tests.stubs.conftest import authority, loop, schemas, shared_world, world

__all__ = ["authority", "loop", "schemas", "shared_world", "world"]
