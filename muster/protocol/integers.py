"""Integers for long calculations: GMP's where they are installed, else Python's own."""

from collections.abc import Callable

try:
    from gmpy2 import mpz
except ImportError:  # everything works without it; a pairing is four times slower
    mpz = int

fast_integer: Callable[[int], int] = mpz
"""Makes an integer whose products of 1024 bits are fast; it mixes with plain ones."""
