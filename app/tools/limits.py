"""The limits of a tool's overall grade: the cases whose overall grade is above what other grades allow. Pure.

It is in set algebra, for one case (a form) as for all cases of a cycle.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

from app.tools.content import Limit

Case = TypeVar("Case")


def above(
    limit: Limit,
    overall: str,
    order: Sequence[str],
    grades: Collection[str],
    answers: Mapping[str, Mapping[str, AbstractSet[Case]]],
) -> set[Case]:
    """Return the cases whose overall grade is above a limit.

    `overall` is the question of the overall grade, `order` its grades, the best first; `grades` are all
    questions that ask for a grade. `answers` has by question and response the cases with that answer, the one
    that counts, without questions that do not apply to the case.
    """
    given = answers.get(overall, {})
    better = order[: order.index(limit.at_most)]
    too_good: set[Case] = set().union(*(given.get(grade, ()) for grade in better))
    limiting: set[Case] = set()
    for key in limit.of or grades:
        if key != overall:
            limiting.update(*(answers.get(key, {}).get(grade, ()) for grade in limit.if_any))
    return too_good & limiting
