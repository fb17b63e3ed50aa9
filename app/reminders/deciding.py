"""Deciding who gets what on a day: it only reads. With very much open, some people after the others."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from sqlalchemy import func, select

from app.audits.standing import Standing, standings
from app.database import db
from app.history import record as history
from app.outbox.models import Message
from app.outbox.names import DAILY
from app.people.closures import working_days
from app.people.queries import everyone
from app.people.standing_in import deputy_of
from app.reminders import weekly
from app.reminders.day import Day
from app.reminders.due import NOBODY, Due
from app.reminders.due_audits import due_of_audits
from app.reminders.due_news import due_news
from app.reminders.due_owned import due_of_owned
from app.reminders.due_quick_wins import due_checks, due_practice
from app.reminders.due_responses import due_of_responses
from app.reminders.due_workers import due_of_workers
from app.reminders.kept_back import kept_back
from app.reminders.ladder_book import ladder_book
from app.reminders.settle import Settled, settle
from app.reminders.things import owned_things

OBLIGATIONS_AT_ONCE, PEOPLE_AT_ONCE = 100_000, 5_000
"""The most that is open, and the most people then, whose messages are decided at once."""


def day_of(on: date) -> Day:
    """Return a day with what all decisions about it share, as it is now."""
    return Day(on, history.head(), working_days(), everyone(), ladder_book())


def decide(day: Day, besides: Iterable[Due] | None = None) -> Settled:
    """Return what is due on the day, settled: who gets what, and who does not and why. `besides` is what is
    due besides audits, for whoever has read it already."""
    others = due_besides_audits(day) if besides is None else besides
    due = chain(due_of_audits(day), others)
    keep_back = kept_back(day.audits, day.on).reason
    return settle(due, day.people, day.on, _written_today(day.on), keep_back)


def due_besides_audits(day: Day) -> Iterator[Due]:
    """Yield what is due and no step of an audit's ladder."""
    due = chain(
        due_of_owned(day),
        due_of_responses(day),
        due_of_workers(day),
        weekly.due(day),
        due_checks(day),
        due_practice(day),
        due_news(day),
    )
    return (item for item in due if day.concerns(item.person_id))


def _written_today(on: date) -> set[tuple[int, str]]:
    """Return the receivers that have had their message of a kind for this day, counting all runs of it."""
    query = select(Message.recipient, Message.kind).where(
        Message.on == on, Message.kind.in_(DAILY), Message.once.is_not(None)
    )
    return {(row.recipient, row.kind) for row in db.session.execute(query) if row.recipient is not None}


def portions(day: Day) -> Iterator[frozenset[int] | None]:
    """Yield the people whose messages are decided at once: None for everyone, or where very much is open,
    some after the other, so that memory holds a part of it at a time.

    People are in one portion with those for whom they stand in: that makes one message.
    """
    number = -(-_open_obligations(day) // OBLIGATIONS_AT_ONCE)
    if number <= 1:
        yield None
        return
    number = max(number, -(-len(day.people) // PEOPLE_AT_ONCE))
    of_portion: list[set[int]] = [set() for _ in range(number)]
    of_portion[0].add(NOBODY)
    for person in day.people.values():
        of_portion[(deputy_of(person, day.people, day.on) or person.id) % number].add(person.id)
    yield from map(frozenset, of_portion)


def _open_obligations(day: Day) -> int:
    owned = (select(func.count(day.owned(thing).c.id)) for thing in owned_things())
    return number_of_open_audits(day) + sum(db.session.scalar(query) or 0 for query in owned)


def number_of_open_audits(day: Day) -> int:
    """Return how many audits are open on a day."""
    at = standings(day.on, day.days).tallied()
    return db.session.scalar(select(at.all()).select_from(at.rows).where(at.where(Standing.OPEN))) or 0
