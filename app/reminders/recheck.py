"""Looking again at reminders before they go, as the outbox asks: what of a batch still holds."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask import g
from sqlalchemy import and_, exists, or_, select, update

from app.audits.models import Audit
from app.database import db
from app.history import record as history
from app.news.models import News
from app.outbox.kinds import Changed, Holds, Overtaken, Verdict, Waits, register
from app.outbox.models import Message, MessageItem
from app.outbox.names import CALLS, DIGEST, MANAGER, PRACTICE, WEEKLY
from app.people.closures import forget_working_days, working_days
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.standing_in import coordinates
from app.reminders.before_the_run import those_that_wait
from app.reminders.day import Day
from app.reminders.due import AUDIT, NEWS, Due
from app.reminders.holding import holding
from app.reminders.kept_back import give_back, held_among
from app.reminders.ladder_book import ladder_book
from app.reminders.messages import render_all
from app.reminders.settle import is_unwanted
from app.reminders.takeover import items_carried_by
from app.reminders.weekly import a_cycle_is_open

NOTHING_LEFT = "They no longer have anything to do about it"
NEWS_ALONE = "It has only news left, and they turned off emails with news alone"
IS_HELD = "A coordinator holds it"
HAS_LEFT = "They have left"
ON_LEAVE = "They are on leave"

DECIDED_AT = "decided_at"
"""Among a message's facts: the number of the last thing in the history when it was decided."""

MOST_MOVES = 500
"""After more moves than this every message is looked at: many of them are touched."""


def recheck(messages: Sequence[Message], on: date) -> dict[int, Verdict]:
    """Return of each message of the daily run whether it may go on a day, and in which words.

    Items that no longer hold are taken out of a message for good, and what a coordinator holds until they
    let it go. One of an earlier date waits where the run of the day is near. One with items that all hold and
    words of the same day goes as it is. There is nothing to look at where nothing has happened since a
    message was decided for that day, or nothing but moves of audits that it does not speak of, and nobody has
    read its news.
    """
    head = history.head()
    verdicts: dict[int, Verdict] = dict(those_that_wait(messages, on))
    messages = [message for message in messages if message.id not in verdicts]
    verdicts |= {number: Holds() for number in _untouched(messages, on, head)}
    looked_at = [message for message in messages if message.id not in verdicts]
    if looked_at:
        day = _day(on, head)
        verdicts |= _look_at(looked_at, day)
    return verdicts


def _untouched(messages: Sequence[Message], on: date, head: int) -> set[int]:
    """Return those of the messages that nothing can have changed since they were decided."""
    decided_at = {
        message.id: message.facts[DECIDED_AT]
        for message in messages
        if message.rendered_on == on and DECIDED_AT in message.facts
    }
    since = min(decided_at.values(), default=head)
    # that somebody read news is no move
    for number in _with_news_read(decided_at):
        del decided_at[number]
    if since == head:
        return set(decided_at)
    references = history.only_about(AUDIT, since, MOST_MOVES)
    if references is None:
        return {number for number, decided in decided_at.items() if decided == head}
    moved = select(Audit.id).where(Audit.called(*references))
    news = select(News.id).where(News.about_kind == AUDIT, News.about_id.in_(moved))
    is_gone = ~exists().where(News.id == MessageItem.obligation_id)
    touched = select(MessageItem.carrier_id).where(
        or_(
            and_(MessageItem.obligation_kind == AUDIT, MessageItem.obligation_id.in_(moved)),
            and_(
                MessageItem.obligation_kind == NEWS,
                MessageItem.carrier_id.in_(list(decided_at)),
                or_(MessageItem.obligation_id.in_(news), is_gone),
            ),
        )
    )
    return set(decided_at).difference(db.session.scalars(touched))


def _with_news_read(message_ids: Iterable[int]) -> list[int]:
    """Return those of these messages whose receiver has read news that they carry."""
    query = (
        select(Message.id)
        .join(MessageItem, MessageItem.carrier_id == Message.id)
        .join(News, News.id == MessageItem.obligation_id)
        .where(Message.id.in_(list(message_ids)), MessageItem.obligation_kind == NEWS)
        .where(News.read_on.is_not(None))
        .distinct()
    )
    return list(db.session.scalars(query))


def _look_at(messages: Sequence[Message], day: Day) -> dict[int, Verdict]:
    # a weekly message speaks of no single thing
    carried = items_carried_by(
        message.id
        for message in messages
        if message.kind != WEEKLY and not _receiver(message, day).has_left(day.on)
    )
    every = {row_id: item for items in carried.values() for row_id, item in items.items()}
    given_back = held_among(every, day.on)
    give_back(given_back, day.on)
    still = holding({row_id: item for row_id, item in every.items() if row_id not in given_back}, day)
    _take_out([row_id for row_id in every if row_id not in still and row_id not in given_back])
    sums_up = any(message.kind == WEEKLY for message in messages) and a_cycle_is_open(day.on)
    verdicts: dict[int, Verdict] = {}
    reworded: dict[int, tuple[Message, list[Due]]] = {}
    for message in messages:
        receiver = _receiver(message, day)
        if receiver.has_left(day.on):
            verdicts[message.id] = Overtaken(HAS_LEFT)
            continue
        items = carried.get(message.id, {})
        left = {row_id: still[row_id] for row_id in items if row_id in still}
        weekly = message.kind == WEEKLY and sums_up and coordinates(receiver, day.people, day.on)
        if not (left or weekly):
            verdicts[message.id] = Overtaken(IS_HELD if given_back.keys() & items else NOTHING_LEFT)
        elif left and is_unwanted(receiver.id, message.kind, left.values(), day.people):
            verdicts[message.id] = Overtaken(NEWS_ALONE)
        elif receiver.leave_on(day.on):
            verdicts[message.id] = Waits(ON_LEAVE)
        elif message.rendered_on == day.on and left == items:
            verdicts[message.id] = Holds()
        else:
            reworded[message.id] = (message, list(left.values()))
    return verdicts | _reworded(reworded, day)


def _take_out(row_ids: list[int]) -> None:
    if row_ids:
        taken_out = update(MessageItem).where(MessageItem.id.in_(row_ids))
        db.session.execute(taken_out.values(carrier_id=None))


def _reworded(messages: dict[int, tuple[Message, list[Due]]], day: Day) -> dict[int, Verdict]:
    """Render messages anew, all at once; of several to one receiver and of one kind, one after the other."""
    verdicts: dict[int, Verdict] = {}
    while messages:
        at_once = {
            (_receiver(message, day).id, message.kind): number for number, (message, _) in messages.items()
        }
        rendered = render_all({key: messages[number][1] for key, number in at_once.items()}, day)
        for key, number in at_once.items():
            verdicts[number] = Changed(rendered[key])
            del messages[number]
    return verdicts


def _day(on: date, head: int) -> Day:
    """Return what all messages of a delivery share, read anew whenever anything has happened since."""
    day: Day | None = g.get("recheck_day")
    if day is None or (day.on, day.head) != (on, head):
        forget_working_days()
        day = g.recheck_day = Day(on, head, working_days(), everyone(), ladder_book())
    return day


def _receiver(message: Message, day: Day) -> PersonFacts:
    if message.recipient is None:
        raise ValueError("a reminder always has a recipient")
    return day.people[message.recipient]


def register_kinds() -> None:
    """Make the kinds of the daily run known to the outbox; overdue, calls and manager go first."""
    register(CALLS, 1, recheck)
    register(MANAGER, 1, recheck)
    register(DIGEST, 3, recheck)
    register(PRACTICE, 5, recheck)
    register(WEEKLY, 6, recheck)
