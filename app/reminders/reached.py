"""The open obligations that have reached a step not yet sent: a range of due days and an anti-join.

Audits and what has one owner are alike here; their own modules know what is open and whose it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Select, Subquery, case, exists, literal, select, true

from app.database import db
from app.outbox.models import MessageItem
from app.outbox.names import DIGEST
from app.reminders.day import Day
from app.reminders.due import REASSIGN, Due
from app.reminders.ladders import Band, Step

ROWS_AT_ONCE = 5_000

Columns = tuple[Any, ...]
"""The columns of one row; a plain tuple, because a run reads very many."""


@dataclass(frozen=True)
class Obligations:
    """The open obligations about one thing on a day: at least id, reference and due_on."""

    thing: str
    rows: Subquery
    sent_too: bool = False
    """Steps that were sent already are asked for as well."""

    def in_bands(
        self, query: Select[Any], reached_bands: Sequence[Band], person_id: ColumnElement[Any], kind: str
    ) -> Iterable[Columns]:
        """Return those rows of a query on them whose due day has reached a step that was not yet sent to the
        person: the range of due days, and the anti-join against the keys of what was sent."""
        if not reached_bands:
            return ()
        due_on = self.rows.c.due_on
        step = case(*((due_on <= band.until, band.step.name) for band in reached_bands))
        return run(query.where(due_on <= reached_bands[-1].until, self.unsent(person_id, kind, step, due_on)))

    def unsent(
        self,
        person_id: ColumnElement[Any],
        kind: str,
        step: ColumnElement[str],
        anchor_on: ColumnElement[date],
    ) -> ColumnElement[bool]:
        """Return the condition that the step was not yet sent to the person in that kind of message for that
        anchor."""
        if self.sent_too:
            return true()
        item = MessageItem.__table__.c
        return ~exists().where(
            item.obligation_kind == self.thing,
            item.obligation_id == self.rows.c.id,
            item.person_id == person_id,
            item.kind == kind,
            item.step == step,
            item.anchor_on == anchor_on,
            item.leaver_id == 0,
        )

    def to_coordinators(
        self, day: Day, kind: str, reached_bands: Sequence[Band], which: ColumnElement[bool]
    ) -> Iterator[Due]:
        """Yield what every coordinator gets, in one kind of message, of those that a condition picks."""
        for coordinator in day.coordinators():
            query = select(self.rows.c.id, self.rows.c.reference, self.rows.c.due_on).where(which)
            for obligation_id, reference, due_on in self.in_bands(
                query, reached_bands, literal(coordinator, Integer), kind
            ):
                if band := band_of(reached_bands, due_on):
                    yield self.due(day, obligation_id, reference, coordinator, kind, band.step, due_on)

    def of_leavers(self, day: Day, query: Select[Any]) -> Iterator[Due]:
        """Yield for every coordinator, once, from the next working day after someone left: each open
        obligation that they still have. The query gives id, reference, due day and the leaver."""
        left = day.left()
        for obligation_id, reference, due_on, leaver_id in run(query):
            leaving_on = left[leaver_id]
            step_on = day.days.offset(leaving_on, 1)
            for coordinator in day.coordinators():
                due = Due(
                    self.thing,
                    obligation_id,
                    reference,
                    coordinator,
                    DIGEST,
                    REASSIGN,
                    leaving_on,
                    step_on,
                    due_on,
                    leaver_id,
                )
                if not _is_sent(due):
                    yield due

    def due(
        self,
        day: Day,
        obligation_id: int,
        reference: str,
        person_id: int,
        kind: str,
        step: Step,
        due_on: date,
    ) -> Due:
        """Return a step that counts from the due day."""
        due_on, step_on = day.day_of_step(step, due_on)
        return Due(self.thing, obligation_id, reference, person_id, kind, step.name, due_on, step_on, due_on)


def band_of(reached_bands: Sequence[Band], due_on: date) -> Band | None:
    """Return the band that a due day lies in; bands stand in the order of their days."""
    return next((band for band in reached_bands if due_on <= band.until), None)


def run(query: Select[Any]) -> Iterable[Columns]:
    """Return the rows of a query, a portion at a time."""
    return cast(Iterable[Columns], db.session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}))


def _is_sent(due: Due) -> bool:
    item = MessageItem
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    item.obligation_kind == due.obligation_kind,
                    item.obligation_id == due.obligation_id,
                    item.person_id == due.person_id,
                    item.kind == due.kind,
                    item.step == due.step,
                    item.anchor_on == due.anchor_on,
                    item.leaver_id == due.leaver_id,
                )
            )
        )
    )
