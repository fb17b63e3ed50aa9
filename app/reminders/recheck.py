"""Before each try of a reminder: what of it still holds, asked by the outbox."""

from datetime import date

from flask import g
from sqlalchemy import update

from app.database import db
from app.history import record as history
from app.outbox.kinds import Changed, Holds, Overtaken, Verdict, Waits, register
from app.outbox.models import Message, MessageItem
from app.people.closures import forget_working_days, working_days
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.standing_in import coordinates
from app.reminders.day import Day
from app.reminders.due import PRACTICE
from app.reminders.holding import holding
from app.reminders.ladder_book import ladder_book
from app.reminders.ladders import CALLS, DIGEST, MANAGER
from app.reminders.messages import render_all
from app.reminders.settle import WEEKLY
from app.reminders.takeover import items_carried_by
from app.reminders.weekly import week_of_cycles

NOTHING_LEFT = "Nothing of it holds any more."
HAS_LEFT = "The receiver has left."
ON_LEAVE = "The receiver is on leave."

DECIDED_AT = "decided_at"
"""Among a message's facts: the number of the last thing in the history when it was decided."""


def recheck(message: Message, on: date) -> Verdict:
    """Whether a digest, manager or calls message may go on a day, and in which words.

    What no longer holds is taken out of it for good; a message whose items all hold and whose words are of
    the same day goes as it is. Where nothing at all has happened since it was decided for that day, there is
    nothing to look at.
    """
    head = history.head()
    if message.rendered_on == on and message.facts.get(DECIDED_AT) == head:
        return Holds()
    day = _day(on, head)
    receiver = _receiver(message, day)
    if receiver.has_left(on):
        return Overtaken(HAS_LEFT)
    if message.kind == WEEKLY:
        return _recheck_weekly(message, day)
    carried = items_carried_by([message.id])
    still = holding(carried, day)
    gone = [row_id for row_id in carried if row_id not in still]
    if gone:
        db.session.execute(update(MessageItem).where(MessageItem.id.in_(gone)).values(carrier_id=None))
    if not still:
        return Overtaken(NOTHING_LEFT)
    if receiver.leave_on(on):
        return Waits(ON_LEAVE)
    if not gone and message.rendered_on == on and list(still.values()) == list(carried.values()):
        return Holds()
    key = (receiver.id, message.kind)
    return Changed(render_all({key: list(still.values())}, day)[key])


def _day(on: date, head: int) -> Day:
    """What all messages of a delivery have in common, read anew whenever anything has happened since."""
    day: Day | None = g.get("recheck_day")
    if day is None or (day.on, day.head) != (on, head):
        forget_working_days()
        day = g.recheck_day = Day(on, head, working_days(), everyone(), ladder_book())
    return day


def _receiver(message: Message, day: Day) -> PersonFacts:
    if message.recipient is None:
        raise ValueError("a reminder is always somebody's")
    return day.people[message.recipient]


def _recheck_weekly(message: Message, day: Day) -> Verdict:
    receiver = _receiver(message, day)
    if not coordinates(receiver, day.people, day.on):
        return Overtaken(NOTHING_LEFT)
    if not week_of_cycles(day):
        return Overtaken(NOTHING_LEFT)
    if receiver.leave_on(day.on):
        return Waits(ON_LEAVE)
    if message.rendered_on == day.on:
        return Holds()
    key = (receiver.id, WEEKLY)
    return Changed(render_all({key: []}, day)[key])


def register_kinds() -> None:
    """Make the kinds of the daily run known to the outbox; overdue, calls and manager go first."""
    register(CALLS, 1, recheck)
    register(MANAGER, 1, recheck)
    register(DIGEST, 3, recheck)
    register(PRACTICE, 5, recheck)
    register(WEEKLY, 6, recheck)
