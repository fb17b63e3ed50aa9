"""Promises of when an audit will be back: which one holds on a day, which were kept, who may promise. Pure.

A promise belongs to the due day and the auditors that it was given for: a later due day, another auditor and
sending back end it. It moves no due day and makes nothing less late; while it holds, nobody is reminded that
the audit is overdue.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.wording import in_words
from app.working_days import WorkingDays, happened

DAYS_OF_AN_AUDITOR = 10
"""Working days past the due day up to which an auditor can promise by themselves."""
LONGEST = 20
"""Working days past the due day after which no promise holds: then the due day is extended."""
MOST_BROKEN = 2
"""The number of broken promises for one due day after which none holds."""


@dataclass(frozen=True)
class Promise:
    """A promise, on the day given, that an audit will be back by `promised_on`.

    `auditor` is the one who promised by themselves (an id); None where a coordinator noted it with a chase.
    `ended_on` is the day since when it no longer counts, because of a move of the audit; `withdrawn_on` the
    day on which it was taken back, because it was noted by mistake.
    """

    given_on: date
    promised_on: date
    auditor: int | None = None
    ended_on: date | None = None
    withdrawn_on: date | None = None

    def last_day(self, days: WorkingDays) -> date:
        """Return the last day on which the audit can come back as promised."""
        return days.offset(self.promised_on, 0)

    def counts(self, on: date) -> bool:
        """Return True from the day it was given until it ended or was withdrawn."""
        over = happened(self.ended_on, on) or happened(self.withdrawn_on, on)
        return self.given_on <= on and not over


class Outcome(StrEnum):
    """The outcome of a promise by a day."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    REPLACED = "replaced"
    ENDED = "ended"


def outcomes(
    promises: Sequence[Promise], returned: Collection[date], on: date, days: WorkingDays
) -> list[Outcome]:
    """Return what became of each promise of an audit by a day, in the order in which they were given.

    `returned` are the days of its returns, also of those that were sent back. Kept: returned by the promised
    day; broken: not. One that ended by its day, that another took the place of before its day, or that was
    withdrawn at any time, is neither.
    """
    given = [promise for promise in promises if promise.given_on <= on]
    return [
        _outcome(promise, given[place + 1 :], [day for day in returned if day <= on], on, days)
        for place, promise in enumerate(given)
    ]


def _outcome(
    promise: Promise, later: Sequence[Promise], returned: Collection[date], on: date, days: WorkingDays
) -> Outcome:
    if happened(promise.withdrawn_on, on):
        return Outcome.ENDED
    last = promise.last_day(days)
    ended = promise.ended_on if happened(promise.ended_on, min(on, last)) else None
    if any(promise.given_on <= day <= min(ended or last, last) for day in returned):
        return Outcome.KEPT
    if ended is not None:
        return Outcome.ENDED
    if any(_takes_the_place(each, last, on) for each in later):
        return Outcome.REPLACED
    return Outcome.BROKEN if on > last else Outcome.OPEN


def _takes_the_place(later: Promise, last: date, on: date) -> bool:
    """True for a promise given before the last day of an earlier one; on that day it is too late for that."""
    return later.given_on < last and later.counts(min(on, last)) and not happened(later.withdrawn_on, on)


def holding(promises: Sequence[Promise], due_on: date, on: date, days: WorkingDays) -> Promise | None:
    """Return the promise that holds on a day for an audit that is not back; None where none does.

    It is the latest that counts, up to its day and to the 20th working day past the due day. After two broken
    ones for this due day none holds.
    """
    counting = [promise for promise in promises if promise.counts(on)]
    if not counting or on > holds_until(counting[-1].promised_on, due_on, days):
        return None
    return None if broken(promises, on, days) >= MOST_BROKEN else counting[-1]


def holds_until(promised_on: date, due_on: date, days: WorkingDays) -> date:
    """Return the last day on which a promise holds that nothing ends."""
    return min(days.offset(promised_on, 0), days.offset(due_on, LONGEST))


def broken(promises: Sequence[Promise], on: date, days: WorkingDays) -> int:
    """Return how many promises were broken for the due day and the auditors of now, while it is not back."""
    given = [promise for promise in promises if promise.given_on <= on]
    outcome_of = zip(given, outcomes(given, (), on, days), strict=True)
    return sum(outcome is Outcome.BROKEN and promise.counts(on) for promise, outcome in outcome_of)


def kept_and_broken(found: Iterable[Outcome]) -> str:
    """Return "1 kept, 2 broken" for the outcomes of promises; nothing where none was kept or broken."""
    numbers = Counter(found)
    return ", ".join(
        f"{numbers[outcome]} {outcome}" for outcome in (Outcome.KEPT, Outcome.BROKEN) if numbers[outcome]
    )


def refuse_after_cut_off(promised_on: date, cut_off_on: date | None, cycle: str, named: str) -> str | None:
    """Return why nobody can promise this day, neither an auditor nor a coordinator for them, in a sentence
    about the field of that name; None where it is not after the cut-off of the cycle."""
    if cut_off_on is None or promised_on <= cut_off_on:
        return None
    because = f"what is returned after the cut-off date of cycle {cycle} does not count"
    return f"{named} must be {in_words(cut_off_on)} or earlier, because {because}"


def what_it_does(
    noted: Promise, promises: Sequence[Promise], due_on: date, on: date, days: WorkingDays
) -> str:
    """Return what a promise, one of `promises`, does to reminders, in a sentence, where it does not hold up
    to its own day; nothing where it does."""
    holds = holding(promises, due_on, on, days)
    if holds is None:
        return f"Reminders are not held back, because {_why_none_holds(noted, promises, due_on, on, days)}"
    if holds is not noted:
        return f"The date that holds is {in_words(holds.promised_on)}, because it was given later"
    until = holds_until(noted.promised_on, due_on, days)
    if until == noted.last_day(days):
        return ""
    return (
        f"It holds reminders back only until {in_words(until)}, because a promise holds for at most "
        f"{LONGEST} working days after the due date"
    )


def _why_none_holds(
    noted: Promise, promises: Sequence[Promise], due_on: date, on: date, days: WorkingDays
) -> str:
    if not noted.counts(on):
        return "the due date or an auditor has changed since"
    if broken(promises, on, days) >= MOST_BROKEN:
        return "two promised dates have passed already"
    if on > noted.last_day(days):
        return "this date has passed"
    if on > holds_until(noted.promised_on, due_on, days):
        return f"the due date passed more than {LONGEST} working days ago"
    return "another date was given later, and has passed"


def latest_of_auditor(due_on: date, cut_off_on: date | None, days: WorkingDays) -> date:
    """Return the last day that an auditor can promise by themselves."""
    last = days.offset(due_on, DAYS_OF_AN_AUDITOR)
    return last if cut_off_on is None else min(last, cut_off_on)


def refuse_own(
    promises: Sequence[Promise], auditor: int, promised_on: date, due_on: date, on: date, days: WorkingDays
) -> str | None:
    """Return why an auditor cannot promise this day by themselves, in a sentence; None when they can."""
    if why := refuse_any(promises, auditor, due_on, on, days):
        return why
    if promised_on < on:
        return "Date must be today or in the future"
    last = days.offset(due_on, DAYS_OF_AN_AUDITOR)
    if promised_on > last:
        return (
            f"Date must be {in_words(last)} or earlier. If you need longer, ask a coordinator to extend the "
            "due date"
        )
    return None


def refuse_any(
    promises: Sequence[Promise], auditor: int, due_on: date, on: date, days: WorkingDays
) -> str | None:
    """Return why an auditor cannot promise any day by themselves, in sentences; None when they can."""
    counting = [promise for promise in promises if promise.counts(on)]
    if any(promise.auditor == auditor for promise in counting):
        return "You have already said when it will be back. Ask a coordinator if you need longer."
    if broken(promises, on, days) >= MOST_BROKEN:
        return (
            "Two promised dates have passed already, so you cannot say again when it will be back. "
            "Ask a coordinator to extend the due date."
        )
    last = days.offset(due_on, DAYS_OF_AN_AUDITOR)
    if on > last:
        return (
            f"You could say until {in_words(last)} when it will be back. Ask a coordinator to extend the due "
            "date."
        )
    return None
