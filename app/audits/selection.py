"""The ways of choosing the cases of a cycle, which decide what may be said beyond them. Pure."""

from enum import StrEnum


class Selection(StrEnum):
    """A way of choosing cases, by the name that files and pages give it."""

    RANDOM = "random"
    STRATIFIED = "stratified"
    HAND_PICKED = "hand-picked"
    WHOLE_POPULATION = "whole population"


def is_left_to_chance(selection: str | None) -> bool:
    """Return True unless it is stated that chance had no part, so that there is no interval.

    Hand-picking is not chance, and a whole population leaves nothing to it.
    """
    return selection not in (Selection.HAND_PICKED, Selection.WHOLE_POPULATION)


def counts_its_population(selection: str | None) -> bool:
    """Return True where the number of cases to choose from narrows the interval: for a random sample."""
    return selection == Selection.RANDOM
