"""How far a quick win has got, and what of it can still be changed. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.quick_wins.practice_days import Spread, end_of, practice_days
from app.wording import in_words, listed
from app.working_days import WorkingDays, happened

MOVED, NOT_MOVED, NOT_KNOWN = "yes", "no", "not known yet"
"""What can be said at its end of whether the figure moved."""


class QuickWinState(StrEnum):
    """How far a quick win has got."""

    PLANNED = "planned"
    GOING_OUT = "going out"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True)
class QuickWinFacts:
    """What its state follows from. `action_ended_on`: its action was closed or withdrawn."""

    starts_on: date
    every_working_days: int
    times: int
    stopped_on: date | None = None
    action_ended_on: date | None = None


def state(facts: QuickWinFacts, on: date, days: WorkingDays) -> QuickWinState:
    """The state on a day. Stopping it, and closing or withdrawing its action, end its messages."""
    if happened(facts.stopped_on, on):
        return QuickWinState.STOPPED
    if on >= end_of(facts, days) or happened(facts.action_ended_on, on):
        return QuickWinState.ENDED
    return QuickWinState.GOING_OUT if on >= days.offset(facts.starts_on, 0) else QuickWinState.PLANNED


def refuse_spread(new: Spread, on: date, days: WorkingDays, before: Spread | None = None) -> str | None:
    """Return why it cannot go out on these days, in one sentence; None when it can.

    `before` are the days that it has had. The days that have come stay as they were, so its start cannot
    move once it has begun.
    """
    gone = [day for day in practice_days(before, days) if day <= on] if before else []
    if not gone:
        return "The first day must not be in the past." if days.offset(new.starts_on, 0) < on else None
    assert before is not None
    if new.starts_on != before.starts_on:
        return (
            f"It has gone out since {in_words(gone[0])}, so its start cannot move. Stop it and plan another."
        )
    if [day for day in practice_days(new, days) if day <= on] != gone:
        told = listed(map(in_words, gone))
        return (
            f"That would change days that have come already ({told}). "
            "Change only what is to come, or stop it and plan another."
        )
    return None


def refuse_change(facts: QuickWinFacts, on: date, days: WorkingDays) -> str | None:
    """Return why nothing of it can be changed any more, or it be stopped; None when it can."""
    found = state(facts, on, days)
    if found is QuickWinState.STOPPED:
        return "It has been stopped, so nothing of it is sent any more and it cannot be changed."
    if found is QuickWinState.ENDED:
        return "It has ended, so nothing of it is sent any more and it cannot be changed."
    return None


def refuse_moved(facts: QuickWinFacts, on: date, days: WorkingDays) -> str | None:
    """Return why nobody can say yet whether the figure moved; None at its end, and when it was stopped."""
    if state(facts, on, days) in (QuickWinState.ENDED, QuickWinState.STOPPED):
        return None
    return f"It ends on {in_words(end_of(facts, days))}. Say then whether the figure moved."


def refuse_check(facts: QuickWinFacts, on: date, days: WorkingDays) -> str | None:
    """Return why no quick check of it can be made; None while it goes out and after its end."""
    match state(facts, on, days):
        case QuickWinState.STOPPED:
            return "It has been stopped, so there is no effect to measure."
        case QuickWinState.PLANNED:
            first = in_words(days.offset(facts.starts_on, 0))
            return f"It goes out from {first} on. Check after that whether the figure has moved."
    return None


def passed_over(spread: Spread, days: WorkingDays) -> list[date]:
    """The Mondays to Fridays between its first and its last day that are no working days: bank holidays and
    the council's closure days."""
    going = practice_days(spread, days)
    between = (going[0] + timedelta(days=k) for k in range((going[-1] - going[0]).days))
    begun = [spread.starts_on] if spread.starts_on < going[0] else []
    return [day for day in (*begun, *between) if day.weekday() < 5 and not days.is_working_day(day)]
