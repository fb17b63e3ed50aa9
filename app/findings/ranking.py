"""The ranking of key areas from the highest figure to the lowest, ties left tied. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.findings.key_area import KeyArea


@dataclass(frozen=True)
class Ranked:
    """A key area and its rank: "1", "4=" when others have the same figure, None without a figure."""

    rank: str | None
    area: KeyArea


def ranked(areas: Sequence[KeyArea]) -> list[Ranked]:
    """Return the areas by their exact figures, not by rounded per cents; ties are in the order of the tool.

    Areas without a figure have no rank and come last.
    """
    shares = {area.question: area.figure.share for area in areas}
    times = Counter(share for share in shares.values() if share is not None)
    ranking = []
    for area in sorted(areas, key=lambda area: -(shares[area.question] or Fraction(-1))):
        share = shares[area.question]
        if share is None:
            continue
        above = sum(number for other, number in times.items() if other > share)
        ranking.append(Ranked(f"{above + 1}{'=' if times[share] > 1 else ''}", area))
    return ranking + [Ranked(None, area) for area in areas if shares[area.question] is None]
