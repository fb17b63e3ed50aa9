"""The counting rule of a cycle: requested = returned + not returned + withdrawn + open. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of the count. Each audit is in exactly one part."""

    RETURNED = "returned"
    NOT_RETURNED = "not returned"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


def part(
    *,
    withdrawn: bool = False,
    returned: bool = False,
    after_cut_off: bool = False,
    exempt: bool = False,
    cycle_closed: bool = False,
) -> Part:
    """Return the part that an audit is counted in, from what has happened by the day of the count.

    Only returns that count are `returned`: an audit that came back after the cut-off is not returned, and so
    is an exempt one. While the cycle is open the rest is open.
    """
    if withdrawn:
        return Part.WITHDRAWN
    if returned:
        return Part.NOT_RETURNED if after_cut_off else Part.RETURNED
    return Part.NOT_RETURNED if cycle_closed or exempt else Part.OPEN


@dataclass(frozen=True)
class Returns:
    """The counts of audits requested, returned, not returned and withdrawn.

    `after_cut_off` are those among the not returned that came back too late to count.
    """

    requested: int = 0
    returned: int = 0
    not_returned: int = 0
    withdrawn: int = 0
    after_cut_off: int = 0

    @classmethod
    def of(cls, parts: Iterable[Part]) -> "Returns":
        """Count audits by their parts."""
        counted = Counter(parts)
        return cls(
            requested=counted.total(),
            returned=counted[Part.RETURNED],
            not_returned=counted[Part.NOT_RETURNED],
            withdrawn=counted[Part.WITHDRAWN],
        )

    @property
    def open(self) -> int:
        """Return the number of audits that are still expected."""
        return self.requested - self.returned - self.not_returned - self.withdrawn

    @property
    def per_cent(self) -> int | None:
        """Return returned of requested in whole per cent, half up; None where nothing was requested."""
        return whole_per_cent(self.returned, self.requested) if self.requested else None

    def __str__(self) -> str:
        """Return "26 of 29 (90%)"; without audits "0 of 0"."""
        fraction = f"{self.returned} of {self.requested}"
        return fraction if self.per_cent is None else f"{fraction} ({self.per_cent}%)"


def whole_per_cent(part: int, whole: int) -> int:
    """Return part / whole in whole per cent, half up, exact. `whole` is not 0."""
    return (200 * part + whole) // (2 * whole)
