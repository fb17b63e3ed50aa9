"""The steps due on a day of responses that grades called for. They are few, so each is looked at."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from app.concerns.responses_open import OpenResponse
from app.database import db
from app.outbox.models import MessageItem
from app.outbox.names import CALLS, DIGEST, MANAGER
from app.reminders.day import Day
from app.reminders.due import NOBODY, RESPONSE, Due
from app.reminders.ladders import ASKED, COORDINATORS, RESPOND_TO, Band, bands
from app.reminders.reached import band_of


def due_of_responses(day: Day) -> Iterator[Due]:
    """Yield all steps of responses that are due on a day: to those asked, to whom the cycle names, and to
    coordinators."""
    if not day.responses:
        return
    ladder = day.book.general[RESPONSE]
    sent = _sent([response.id for response in day.responses])
    audiences = ((ASKED, DIGEST), (RESPOND_TO, MANAGER), (COORDINATORS, CALLS))
    for audience, kind in audiences:
        reached = bands(ladder, audience, kind, day.on, day.days)
        for response in day.responses:
            for due in _of(response, reached, _people(response, audience, day), kind, day):
                if (due.obligation_id, due.person_id, due.kind, due.step, due.anchor_on) not in sent:
                    yield due


def _of(
    response: OpenResponse, reached: Sequence[Band], people: Sequence[int], kind: str, day: Day
) -> Iterator[Due]:
    band = band_of(reached, response.due_on) if reached else None
    if band is None or (band.after is not None and response.due_on <= band.after):
        return
    for person_id in people:
        yield Due(
            RESPONSE,
            response.id,
            response.reference,
            person_id,
            kind,
            band.step.name,
            response.due_on,
            band.step.day(response.due_on, day.days),
            response.due_on,
        )


def _people(response: OpenResponse, audience: str, day: Day) -> list[int]:
    if audience == COORDINATORS:
        return day.coordinators()
    people = response.asked if audience == ASKED else response.told_late
    return [person.id for person in people] or [NOBODY]


def _sent(ids: Sequence[int]) -> set[tuple[object, ...]]:
    """Return the keys of what was sent about these responses."""
    item = MessageItem
    query = select(item.obligation_id, item.person_id, item.kind, item.step, item.anchor_on)
    rows = db.session.execute(query.where(item.obligation_kind == RESPONSE, item.obligation_id.in_(ids)))
    return {tuple(row) for row in rows}
