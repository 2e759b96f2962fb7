"""Muster: the conformance suite for the configuration life of mission critical service UEs."""

__version__ = "0.1.0"
