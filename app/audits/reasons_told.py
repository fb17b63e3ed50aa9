"""The reasons for not returning audits that others than coordinators are told, and their numbers. Pure.

A reason of somebody's own person, such as their health, is for coordinators. Others read "personal reasons",
and no number from 1 to 4. Where the number of audits gives the numbers away, they read no reason, whatever
the reasons are: or that they read none would say that one is personal.
"""

from collections.abc import Collection, Iterable

from app.small_numbers import HIDE_UP_TO, is_small
from app.wording import listed

PERSONAL = "personal reasons"
DIFFERENT = "different reasons"
"""Stands for reasons that cannot be named without their numbers."""
WITHOUT_A_LABEL = ("exempt", "no reason given")
"""Words in the place of a reason where an audit has none from the council's list."""

Reasons = tuple[tuple[str, int | None], ...]
"""Reasons, each with its number; None where the number is hidden."""


def told_to_others(reasons: Iterable[tuple[str, int | None]], about_work: Collection[str]) -> Reasons:
    """Return the reasons as others than coordinators are told them.

    `about_work` are the labels of the council's list that are not about a person. What is neither there nor
    in place of a reason, such as a label that a frozen cycle has and the list no longer, counts as personal.
    A number is never hidden alone, but with the next smallest until the total gives none away. Where it
    always does, or is itself small, only that there are different reasons is told.
    """
    told: dict[str, int] = {}
    for label, number in reasons:
        known = label in about_work or label in WITHOUT_A_LABEL
        name = label if known else PERSONAL
        told[name] = told.get(name, 0) + (number or 0)
    hidden = {label for label, number in told.items() if is_small(number, HIDE_UP_TO)}
    rest = sorted((number, label) for label, number in told.items() if label not in hidden)
    withheld: Reasons = ((DIFFERENT, None),) if len(told) > 1 else ()
    if is_small(sum(told.values()), HIDE_UP_TO):
        return withheld
    while hidden and not _is_open([told[label] for label in hidden]):
        more = next((label for _, label in rest if label not in hidden), None)
        if more is None:
            return withheld
        hidden.add(more)
    shown = sorted(((label, number) for number, label in rest if label not in hidden), key=_most_first)
    return (*shown, *((label, None) for label in sorted(hidden)))


def _is_open(hidden: Collection[int]) -> bool:
    """Return True where the sum of hidden numbers, all at least 1, leaves open what each is."""
    number, total = len(hidden), sum(hidden)
    # two may be a small one and the next smallest, so that not both need be small
    return number > 1 and total != number and (number == 2 or total != HIDE_UP_TO * number)


def in_words(reasons: Iterable[tuple[str, int | None]]) -> str:
    """Return "capacity (12); numbers not shown for exempt and personal reasons"."""
    reasons = list(reasons)
    shown = [f"{label} ({number:,})" for label, number in reasons if number is not None]
    hidden = [label for label, number in reasons if number is None]
    if not hidden:
        return listed(shown)
    if not shown:
        return listed(hidden)
    return f"{listed(shown)}; numbers not shown for {listed(hidden)}"


def _most_first(reason: tuple[str, int]) -> tuple[int, str]:
    label, number = reason
    return -number, label
