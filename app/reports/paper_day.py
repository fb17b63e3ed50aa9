"""The day of a paper, and which facts count in it. Pure.

A paper of a day goes into that day's meeting. What was raised, returned or found by the day is in it.
Decisions, agreed actions, and what was carried out or sent on the day are not: it is read before the meeting
decides. Planned days, such as a due date or the next cycle, may be later; what nobody had planned before the
day is not in it.
"""

from dataclasses import dataclass
from datetime import date

from app.working_days import ONE_DAY, happened, months_later

MONTHS_AHEAD = 12
"""Most months before its first day that something is taken as planned, where nobody knows when it was."""


@dataclass(frozen=True)
class PaperDay:
    """The day that a paper is for. Findings are read as of `on`, what was done about them as of `done_by`."""

    on: date

    @property
    def done_by(self) -> date:
        """Return the last day on which a decision, an agreement, or what was carried out or sent counts."""
        return self.on - ONE_DAY

    def has_found(self, fact_on: date | None) -> bool:
        """True for what was raised, returned or found by the day."""
        return happened(fact_on, self.on)

    def has_done(self, fact_on: date | None) -> bool:
        """True for what was decided, agreed, carried out or sent before the day."""
        return happened(fact_on, self.done_by)

    def has_planned(self, planned_on: date | None, first_on: date) -> bool:
        """True for a quick win or a cycle that was planned before the day and begins on `first_on`.

        Of what comes from a file, nobody knows when it was planned (None). It counts as planned only within
        12 months before its first day.
        """
        if planned_on is None:
            return months_later(first_on, -MONTHS_AHEAD) <= self.on
        return self.has_done(planned_on)
