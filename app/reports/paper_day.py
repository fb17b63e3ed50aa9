"""The day of a paper, and which facts count in it. Pure.

A paper of a day goes into that day's meeting. What was raised, returned or found by the day is in it.
Decisions, agreed actions, and what was carried out or sent on the day are not: it is read before the meeting
decides. Planned days, such as a due date or the next cycle, may be later.
"""

from dataclasses import dataclass
from datetime import date

from app.working_days import ONE_DAY, happened


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
