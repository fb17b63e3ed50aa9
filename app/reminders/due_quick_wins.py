"""The messages of quick wins that are due on a day: to staff, and the question at their end."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import exists, select

from app.database import db
from app.outbox.models import MessageItem
from app.outbox.names import DIGEST, PRACTICE
from app.people.presence import PersonFacts
from app.quick_wins import audience
from app.quick_wins.models import QuickWin
from app.quick_wins.practice_days import end_of, practice_day
from app.quick_wins.queries import running_quick_wins
from app.reminders.day import Day
from app.reminders.due import CHECK, QUICK_WIN, Due
from app.reminders.models import NotSent
from app.reminders.settle import ALREADY_SENT, ON_LEAVE

WORKING_DAYS_TO_ASK = 20
"""After its end, so long a run that was missed is made up for."""


def running(on: date) -> list[QuickWin]:
    """Return the quick wins that are not stopped, the one that starts earlier first, then by reference."""
    query = (
        select(QuickWin)
        .where(QuickWin.starts_on <= on, running_quick_wins(on))
        .order_by(QuickWin.starts_on, QuickWin.reference)
    )
    return list(db.session.scalars(query))


def is_for(quick_win: QuickWin, person: PersonFacts) -> bool:
    """Return whether a person has one of its roles and, if it names teams, is in one of them."""
    return audience.is_for(
        quick_win.audience_roles,
        quick_win.audience_team_ids,
        person_roles=person.roles,
        person_team_id=person.team_id,
    )


def due_practice(day: Day) -> Iterator[Due]:
    """Yield the practice messages that are due: of each quick win only the latest of its days, to everybody
    whom it was not yet sent to for that day."""
    for quick_win in running(day.on):
        practised_on = practice_day(quick_win, day.on, day.days)
        if practised_on is None:
            continue
        sent = set(
            db.session.scalars(
                select(MessageItem.person_id).where(
                    MessageItem.obligation_kind == QUICK_WIN,
                    MessageItem.obligation_id == quick_win.id,
                    MessageItem.step == PRACTICE,
                    MessageItem.anchor_on == practised_on,
                )
            )
        )
        for person in day.people.values():
            if person.id not in sent and is_for(quick_win, person):
                yield Due(
                    QUICK_WIN,
                    quick_win.id,
                    quick_win.reference,
                    person.id,
                    PRACTICE,
                    PRACTICE,
                    practised_on,
                    practised_on,
                    practised_on,
                )


def due_checks(day: Day) -> Iterator[Due]:
    """Yield the question to coordinators, once and in their digest, at the end of a quick win: whether the
    figure moved.

    Within the days after its end; later only whom it had to wait for within them.
    """
    for quick_win in running(day.on):
        ended_on = end_of(quick_win, day.days)
        if ended_on > day.on or quick_win.moved is not None:
            continue
        in_time = day.on <= day.days.offset(ended_on, WORKING_DAYS_TO_ASK)
        for coordinator in day.coordinators():
            if (in_time or _waited(quick_win, coordinator, ended_on)) and not _asked(
                quick_win, coordinator, ended_on
            ):
                yield Due(
                    QUICK_WIN,
                    quick_win.id,
                    quick_win.reference,
                    coordinator,
                    DIGEST,
                    CHECK,
                    ended_on,
                    ended_on,
                    ended_on,
                )


def _asked(quick_win: QuickWin, coordinator: int, ended_on: date) -> bool:
    item = MessageItem
    asked = exists().where(
        item.obligation_kind == QUICK_WIN,
        item.obligation_id == quick_win.id,
        item.person_id == coordinator,
        item.step == CHECK,
        item.anchor_on == ended_on,
    )
    return bool(db.session.scalar(select(asked)))


def _waited(quick_win: QuickWin, coordinator: int, ended_on: date) -> bool:
    kept_back = exists().where(
        NotSent.obligation_kind == QUICK_WIN,
        NotSent.obligation_id == quick_win.id,
        NotSent.person_id == coordinator,
        NotSent.step == CHECK,
        NotSent.anchor_on == ended_on,
        NotSent.reason.in_((ON_LEAVE, ALREADY_SENT)),
    )
    return bool(db.session.scalar(select(kept_back)))
