"""The day that a run decides about, and what all that is decided about it shares."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Subquery, or_, true

from app.audits.open_on import half_declined, open_audits, pairs
from app.concerns.responses_open import OpenResponse, open_responses
from app.people.presence import PersonFacts
from app.people.roles import RoleName
from app.reminders.due import NOBODY
from app.reminders.ladder_book import LadderBook
from app.reminders.ladders import Step
from app.reminders.things import OwnedThing
from app.working_days import WorkingDays


@dataclass(frozen=True)
class Day:
    """The day that is decided about, and what does not depend on single obligations."""

    on: date
    head: int
    """The number of the last thing in the history before anything of this was read."""
    days: WorkingDays
    people: dict[int, PersonFacts]
    book: LadderBook
    only: frozenset[int] | None = None
    """The people whose reminders alone are decided, NOBODY for those that have nobody to go to; None for
    everyone's."""

    @cached_property
    def _days_of_steps(self) -> dict[tuple[Step, date], tuple[date, date]]:
        return {}

    def day_of_step(self, step: Step, anchor_on: date) -> tuple[date, date]:
        """Return the anchor of a step and the day of the step: once for all obligations that have both."""
        known = self._days_of_steps.get((step, anchor_on))
        if known is None:
            known = self._days_of_steps[step, anchor_on] = (anchor_on, step.day(anchor_on, self.days))
        return known

    @cached_property
    def audits(self) -> Subquery:
        """The audits that are open on the day."""
        return open_audits(self.on)

    @cached_property
    def pairs(self) -> Subquery:
        """The auditors of those audits."""
        return pairs(self.on)

    @cached_property
    def half_declined(self) -> set[int]:
        """Those of which one auditor is left since the other declined."""
        return half_declined(self.on)

    @cached_property
    def _owned(self) -> dict[str, Subquery]:
        return {}

    def owned(self, thing: OwnedThing) -> Subquery:
        """Those open on the day of a thing that has one owner."""
        if thing.name not in self._owned:
            self._owned[thing.name] = thing.open_on(self.on)
        return self._owned[thing.name]

    @cached_property
    def responses(self) -> list[OpenResponse]:
        """The responses that are open on the day, with the people who are asked."""
        return open_responses(self.on, self.people)

    def coordinators(self) -> list[int]:
        """Return those who have the role today; NOBODY where there is none."""
        coordinators = [person.id for person in self.people.values() if RoleName.COORDINATOR in person.roles]
        return [each for each in coordinators or [NOBODY] if self.concerns(each)]

    def concerns(self, person_id: int) -> bool:
        """Return True where what is due to a person is decided."""
        return self.only is None or person_id in self.only

    def are_concerned(self, person_id: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the same as a condition; a person of none is NOBODY."""
        if self.only is None:
            return true()
        those = person_id.in_(self.only - {NOBODY})
        return or_(those, person_id.is_(None)) if NOBODY in self.only else those

    def left(self) -> dict[int, date]:
        """Return those who have left, with their leaving day."""
        return {
            person.id: person.leaving_on
            for person in self.people.values()
            if person.leaving_on is not None and person.has_left(self.on)
        }
