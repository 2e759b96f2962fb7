"""Checks: pure functions from journalled evidence to departures, one module per step of life."""
