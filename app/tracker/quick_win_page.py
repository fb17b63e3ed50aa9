"""The messages of a quick win by day, for its page: what went out, and who did not get it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, select

from app.database import db
from app.outbox.models import FAILED, HELD, QUEUED, SENDING, SENT, Message, MessageItem
from app.outbox.names import PRACTICE
from app.quick_wins.models import QuickWin
from app.quick_wins.practice_days import practice_days
from app.reminders.due import QUICK_WIN
from app.reminders.models import NotSent
from app.working_days import WorkingDays


@dataclass(frozen=True)
class MessageDay:
    """A day of a quick win. All but `reasons` are numbers of messages; `reasons` has the number of people
    without a message, by reason."""

    on: date
    sent: int
    waiting: int
    held: int
    failed: int
    left_out: int
    """Overtaken by the next one, or dropped."""
    reasons: Mapping[str, int]


def days_of(quick_win: QuickWin, on: date, days: WorkingDays) -> Sequence[MessageDay]:
    """Return its days up to a day, and days from before a change if messages went out on them."""
    states: defaultdict[date, Counter[str]] = defaultdict(Counter)
    # the message that carries it now, if another took it over
    carried = func.coalesce(MessageItem.carrier_id, MessageItem.message_id)
    written = (
        select(MessageItem.anchor_on, Message.state, func.count())
        .join(Message, Message.id == carried)
        .where(
            MessageItem.obligation_kind == QUICK_WIN,
            MessageItem.obligation_id == quick_win.id,
            MessageItem.step == PRACTICE,
        )
        .group_by(MessageItem.anchor_on, Message.state)
    )
    for anchor_on, state, number in db.session.execute(written):
        states[anchor_on][state] += number
    reasons = _not_sent(quick_win)
    past = {day for day in practice_days(quick_win, days) if day <= on}
    if quick_win.stopped_on is not None:
        past = {day for day in past if day < quick_win.stopped_on}
    return [_day(day, states[day], reasons.get(day, {})) for day in sorted(past | set(states) | set(reasons))]


def _day(on: date, states: Counter[str], reasons: Mapping[str, int]) -> MessageDay:
    sent, held, failed = states[SENT], states[HELD], states[FAILED]
    waiting = states[QUEUED] + states[SENDING]
    return MessageDay(
        on, sent, waiting, held, failed, states.total() - sent - waiting - held - failed, reasons
    )


def _not_sent(quick_win: QuickWin) -> dict[date, dict[str, int]]:
    """Return by day the number of people whose message was never written, by the last reason."""
    got_it = exists().where(
        and_(
            MessageItem.obligation_kind == NotSent.obligation_kind,
            MessageItem.obligation_id == NotSent.obligation_id,
            MessageItem.person_id == NotSent.person_id,
            MessageItem.step == NotSent.step,
            MessageItem.anchor_on == NotSent.anchor_on,
        )
    )
    query = (
        select(NotSent.anchor_on, NotSent.person_id, NotSent.reason)
        .where(
            NotSent.obligation_kind == QUICK_WIN,
            NotSent.obligation_id == quick_win.id,
            NotSent.step == PRACTICE,
            ~got_it.correlate(NotSent),
        )
        .order_by(NotSent.id)
    )
    last: dict[tuple[date, int], str] = {}
    for anchor_on, person_id, reason in db.session.execute(query):
        last[anchor_on, person_id] = reason
    reasons: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for (anchor_on, _), reason in last.items():
        reasons[anchor_on][reason] += 1
    return {day: dict(counted) for day, counted in reasons.items()}
