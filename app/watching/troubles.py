"""Troubles of the service that administrators are told of: when there is one, and when to tell. Pure.

A trouble is told once it has been seen for five minutes (a service that has just started needs a moment),
then once on each further day, and once when it is over.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """A kind of trouble."""

    DELIVERY = "delivery"
    """No email is sent."""
    DAILY_RUN = "daily run"
    """The daily run did not happen by 10:00 on a working day."""
    HISTORY = "history"
    """The history is not as it was written."""
    DISK = "disk"
    """The disk fills."""


STANDS_STILL_AFTER = timedelta(hours=1)
RUN_BY = time(10)
NO_RUN_AFTER = time(18)
SEEN_FOR = timedelta(minutes=5)

GB = 10**9
LEAST_FREE, LEAST_SHARE = 5 * GB, 0.1
"""Space that is free: below both, the disk fills. It is enough again with half as much more."""


@dataclass(frozen=True)
class Facts:
    """The facts of the service at a moment."""

    now: datetime
    local: datetime
    """The same moment in the council's time zone."""
    is_working_day: bool
    mail_goes: bool
    """A mail server is set, and emails are not on hold."""
    stopped_since: datetime | None
    """The moment since when the mail server refuses the sender or cannot be reached."""
    due_since: datetime | None
    """The moment since when the email that waits longest for a try is due."""
    last_sent_at: datetime | None
    last_run_on: date | None
    history_broken: bool
    free: int
    """Bytes that are free on the disk of this machine's instance folder, of `total`."""
    total: int


@dataclass(frozen=True)
class Wrong:
    """The finding that there is this trouble."""

    since: datetime


@dataclass(frozen=True)
class Well:
    """The finding that there is no such trouble."""


@dataclass(frozen=True)
class NotKnown:
    """The finding that nothing is new: what stood before stands."""


Finding = Wrong | Well | NotKnown


def find(kind: Kind, facts: Facts) -> Finding:
    """Return whether there is a trouble of this kind."""
    match kind:
        case Kind.DELIVERY:
            return _of_delivery(facts)
        case Kind.DAILY_RUN:
            return _of_daily_run(facts)
        case Kind.HISTORY:
            return Wrong(facts.now) if facts.history_broken else Well()
        case Kind.DISK:
            return _of_disk(facts)


def _of_delivery(facts: Facts) -> Finding:
    """Delivery stands still when the mail server takes nothing for an hour, or when an email has been due for
    an hour and none was sent meanwhile."""
    if not facts.mail_goes:
        return Well()
    due_since = facts.due_since
    if due_since is not None and facts.last_sent_at is not None:
        due_since = max(due_since, facts.last_sent_at)
    moments = [moment for moment in (facts.stopped_since, due_since) if moment is not None]
    since = min(moments, default=facts.now)
    return Wrong(since) if facts.now - since >= STANDS_STILL_AFTER else Well()


def _of_daily_run(facts: Facts) -> Finding:
    today, at = facts.local.date(), facts.local.time()
    if facts.last_run_on is not None and facts.last_run_on >= today:
        return Well()
    if not facts.is_working_day or at < RUN_BY:
        return NotKnown()
    if facts.last_run_on is None and at >= NO_RUN_AFTER:
        return NotKnown()  # started for the first time, after the hours of the run
    return Wrong(facts.local.replace(hour=RUN_BY.hour, minute=0, second=0, microsecond=0))


def _of_disk(facts: Facts) -> Finding:
    if disk_is_nearly_full(facts.free, facts.total):
        return Wrong(facts.now)
    return NotKnown() if disk_is_nearly_full(facts.free, facts.total, margin=1.5) else Well()


def disk_is_nearly_full(free: int, total: int, margin: float = 1) -> bool:
    """Return True where less is free, in bytes, than has to be, or than that many times as much."""
    return free < min(LEAST_FREE, total * LEAST_SHARE) * margin


class Step(StrEnum):
    """The next step with a trouble."""

    NOTE = "note that it was seen"
    TELL = "tell"
    TELL_OVER = "tell that it is over"
    FORGET = "forget it: it was never told"


@dataclass(frozen=True)
class Seen:
    """A trouble that stands: when it was first seen, and the last day on which it was told."""

    seen_at: datetime
    told_on: date | None


def next_step(finding: Finding, seen: Seen | None, now: datetime, on: date) -> Step | None:
    """Return what to do about a trouble at a moment, on the council's day `on`; None where nothing is."""
    match finding, seen:
        case Wrong(), None:
            return Step.NOTE
        case Wrong(), Seen(seen_at, told_on):
            is_too_early = told_on is None and now - seen_at < SEEN_FOR
            return None if told_on == on or is_too_early else Step.TELL
        case Well(), Seen(told_on=told_on):
            return Step.FORGET if told_on is None else Step.TELL_OVER
        case _:
            return None


def told_at_first(kind: Kind, on: date) -> date | None:
    """Return the day on which a trouble that is first seen was told already; None where it was not.

    The check of the history tells of a break at once.
    """
    return on if kind is Kind.HISTORY else None
