"""The weekly message, to each coordinator on the first working day of the week on which the run happens."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select

from app.audits.counting import returns_by_cycle
from app.audits.cycle import Cycle
from app.audits.promising import promised_among
from app.audits.returns import Returns
from app.audits.standing import standings
from app.database import db
from app.due_dates import that_counts
from app.outbox.models import FAILED, Message, MessageItem
from app.outbox.names import WEEKLY
from app.people.standing_in import is_away_without_deputy
from app.reminders.calls import is_to_call, not_called, owned_to_call, responses_to_call
from app.reminders.day import Day
from app.reminders.due import NOBODY, Due
from app.reminders.models import DailyRun, NotSent
from app.reminders.settle import ALREADY_SENT, ON_LEAVE
from app.working_days import monday


def due(day: Day) -> Iterator[Due]:
    """Yield the weekly messages that are due.

    A message that falls in leave without a deputy is left out of this week; one whose deputy is away too, or
    that came after another of that day, waits within it.
    """
    if not a_cycle_is_open(day.on):
        return
    week = monday(day.on)
    first_run_of_the_week = not db.session.scalar(
        select(exists().where(DailyRun.on >= week, DailyRun.on < day.on))
    )
    sent, waiting = _sent(week), _waiting(week, day)
    for coordinator in day.coordinators():
        if coordinator == NOBODY or coordinator in sent:
            continue
        if first_run_of_the_week or coordinator in waiting:
            yield Due(WEEKLY, 0, "", coordinator, WEEKLY, WEEKLY, week, day.on, day.on)


@dataclass(frozen=True)
class WeekOfCycle:
    """The standing of an open cycle, for the week's summary: its returns as its page counts them, then
    numbers of audits, and of calls to make about audits and responses."""

    reference: str
    title: str
    due_on: date
    returns: Returns
    due_this_week: int
    overdue: int
    promised: int
    """Those of the overdue that are promised for a date which has not passed."""
    calls: int


@dataclass(frozen=True)
class Week:
    """The standing of all open cycles on the day, and the calls to make about anything else."""

    cycles: Sequence[WeekOfCycle]
    other_calls: int
    """About actions, recommendations and remedies, and about responses of closed cycles."""


def the_week(day: Day) -> Week:
    """Return what the week's summary says of a day."""
    about = Counter(
        response.cycle_id for response in responses_to_call(day.responses, day.book, day.on, day.days)
    )
    cycles = _of_cycles(day, about)
    of_owned = 0
    for thing, until in owned_to_call(day.book, day.on, day.days).items():
        owned = day.owned(thing).c
        of_owned += (
            db.session.scalar(
                select(func.count(owned.id)).where(
                    owned.owner_id.is_not(None),
                    owned.due_on <= until,
                    not_called(thing.name, owned.id, day.on, day.days),
                )
            )
            or 0
        )
    return Week(cycles, of_owned + about.total())


def _of_cycles(day: Day, about: Counter[int]) -> list[WeekOfCycle]:
    """Return the open cycles; takes the calls about responses of theirs out of `about`."""
    audits, audit = day.audits, day.audits.c
    at = standings(day.on, day.days)
    returns = returns_by_cycle(at)
    promised = promised_among(audits, day.on)
    weeks = []
    for cycle in db.session.scalars(select(Cycle).where(Cycle.open_by(day.on)).order_by(Cycle.reference)):
        of_cycle = select(func.count()).select_from(audits).where(audit.cycle_id == cycle.id)
        to_call = is_to_call(audit.id, audit.cycle_id, audit.due_on, (cycle.id,), day.book, day.on, day.days)
        numbers = (
            of_cycle.where(audit.due_on > at.overdue_until, audit.due_on <= at.this_week_until),
            of_cycle.where(audit.due_on <= at.overdue_until),
            of_cycle.where(audit.due_on <= at.overdue_until, audit.id.in_(promised)),
            of_cycle.where(to_call),
        )
        due_this_week, overdue, overdue_promised, calls = (db.session.scalar(query) or 0 for query in numbers)
        weeks.append(
            WeekOfCycle(
                cycle.reference,
                cycle.title,
                that_counts(cycle.due_on, day.days),
                returns.get(cycle.id, Returns()),
                due_this_week,
                overdue,
                overdue_promised,
                calls + about.pop(cycle.id, 0),
            )
        )
    return weeks


def undelivered() -> int:
    """Return the number of messages that could not be delivered and wait for someone to put them right."""
    return db.session.scalar(select(func.count()).where(Message.state == FAILED)) or 0


def a_cycle_is_open(on: date) -> bool:
    """Return True when there is something to sum up."""
    return bool(db.session.scalar(select(exists().where(Cycle.open_by(on)))))


def _sent(week: date) -> set[int]:
    query = select(MessageItem.person_id).where(
        MessageItem.obligation_kind == WEEKLY, MessageItem.obligation_id == 0, MessageItem.anchor_on == week
    )
    return set(db.session.scalars(query))


def _waiting(week: date, day: Day) -> set[int]:
    """Return those whose weekly was kept back earlier this week, and not because they were away without a
    deputy."""
    query = select(NotSent.person_id, NotSent.on).where(
        NotSent.obligation_kind == WEEKLY,
        NotSent.obligation_id == 0,
        NotSent.anchor_on == week,
        NotSent.reason.in_((ON_LEAVE, ALREADY_SENT)),
    )
    waiting = set()
    for row in db.session.execute(query):
        if not is_away_without_deputy(day.people[row.person_id], row.on):
            waiting.add(row.person_id)
    return waiting
