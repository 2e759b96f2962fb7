"""A fleet of reference UEs and the MC systems that serve it, each a program of its own."""

PATIENCE_SECONDS = 120.0
"""How long a UE waits for an answer: the stubs are tested, not how soon a busy machine serves."""
