"""The states of a quick win, and the changes that each of them allows. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.quick_wins.practice_days import Spread, end_of, practice_days
from app.wording import in_words, listed
from app.working_days import WorkingDays, happened

MOVED, NOT_MOVED, NOT_KNOWN = "yes", "no", "not known yet"
"""The answers, at its end, to the question whether the figure moved."""


class QuickWinState(StrEnum):
    """The state of a quick win."""

    PLANNED = "planned"
    GOING_OUT = "going out"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True)
class QuickWinFacts:
    """The facts that the state follows from. `action_ended_on`: its action was closed or withdrawn."""

    starts_on: date
    every_working_days: int
    times: int
    stopped_on: date | None = None
    action_ended_on: date | None = None


def state(facts: QuickWinFacts, on: date, days: WorkingDays) -> QuickWinState:
    """Return the state on a day. Its messages end when it is stopped, or its action closed or withdrawn."""
    if happened(facts.stopped_on, on):
        return QuickWinState.STOPPED
    if on >= end_of(facts, days) or happened(facts.action_ended_on, on):
        return QuickWinState.ENDED
    return QuickWinState.GOING_OUT if on >= days.offset(facts.starts_on, 0) else QuickWinState.PLANNED


def refuse_spread(new: Spread, on: date, days: WorkingDays, before: Spread | None = None) -> str | None:
    """Return why it cannot go out on these days, in one sentence; None when it can.

    `before` are the days that it has had. Days in the past stay as they were, so its start cannot move once
    it has begun.
    """
    past = [day for day in practice_days(before, days) if day <= on] if before else []
    if not past:
        return (
            "Date of the first message must be today or later" if days.offset(new.starts_on, 0) < on else None
        )
    assert before is not None
    if new.starts_on != before.starts_on:
        return (
            f"This quick win started on {in_words(past[0])}, so you cannot change its start. Stop it and "
            "plan another one."
        )
    if [day for day in practice_days(new, days) if day <= on] != past:
        past_days = listed(map(in_words, past))
        return (
            f"This would change dates up to today ({past_days}). "
            "Change later dates only, or stop this quick win and plan another one."
        )
    return None


def refuse_change(facts: QuickWinFacts, on: date, days: WorkingDays) -> str | None:
    """Return why it can no longer be changed or stopped; None when it can."""
    current = state(facts, on, days)
    if current is QuickWinState.STOPPED:
        return "This quick win has been stopped, so you cannot change it"
    if current is QuickWinState.ENDED:
        return "This quick win has ended, so you cannot change it"
    return None


def refuse_moved(facts: QuickWinFacts, on: date, days: WorkingDays) -> str | None:
    """Return why it is too early to say whether the figure moved; None at its end, or once stopped."""
    if state(facts, on, days) in (QuickWinState.ENDED, QuickWinState.STOPPED):
        return None
    return f"This quick win ends on {in_words(end_of(facts, days))}. Say then if the figure changed."


def refuse_check(facts: QuickWinFacts, on: date, days: WorkingDays) -> str | None:
    """Return why no quick check of it can be made; None while it goes out and after its end."""
    match state(facts, on, days):
        case QuickWinState.STOPPED:
            return "This quick win has been stopped, so there is no effect to measure"
        case QuickWinState.PLANNED:
            first = in_words(days.offset(facts.starts_on, 0))
            return f"This quick win starts on {first}. Check after that if the figure has changed."
    return None


def passed_over(spread: Spread, days: WorkingDays) -> list[date]:
    """Return the Mondays to Fridays between its first and its last day that are no working days: bank
    holidays and closure days of the council."""
    going = practice_days(spread, days)
    between = (going[0] + timedelta(days=k) for k in range((going[-1] - going[0]).days))
    begun = [spread.starts_on] if spread.starts_on < going[0] else []
    return [day for day in (*begun, *between) if day.weekday() < 5 and not days.is_working_day(day)]
