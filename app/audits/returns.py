"""The counts of a cycle: requested = returned + not returned + withdrawn + open. Pure.

Each audit is counted in one of the four; the conditions are in standing.py.
"""

from dataclasses import dataclass


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
