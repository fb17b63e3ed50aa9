"""A scenario: a promise of the service, the fault that tests it, and a run of the two."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.faults.places import POSTGRESQL, SQLITE, New

BOTH = (SQLITE, POSTGRESQL)
PURE = ("-",)
"""The scenario is about a rule that knows no database."""


@dataclass(frozen=True)
class Scenario:
    """A promise under a fault. It is carried out a number of times, returns what was seen in some words, and
    raises AssertionError where the promise was not kept."""

    name: str
    promise: str
    fault: str
    carry_out: Callable[[New, int, Random], str]
    short: int = 1
    """The times in the short form."""
    long: int = 10
    """The times in the long form."""
    databases: tuple[str, ...] = BOTH
