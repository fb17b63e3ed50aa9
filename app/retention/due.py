"""Rules of retention: the date on which the texts of a cycle are removed, and what holds that. Pure."""

from dataclasses import dataclass
from datetime import date

from app.wording import in_words
from app.working_days import WorkingDays, months_later

WARNED_BEFORE = 20
"""Working days between the warning and a removal that nobody started by hand."""


@dataclass(frozen=True)
class CycleFacts:
    """The facts of a cycle that its date of removal and its holds follow from.

    `chosen_on` is the date that a person set in place of the usual one, `hold` their reason to keep the
    texts. `audited_again_by` are the cycles, not frozen yet, that audit its cases again, and `unfinished` the
    work on its audits that is still to be done, in words. `warned_on` is the day of the warning, `warned_of`
    the date that it named.
    """

    reported_on: date | None
    frozen_on: date | None
    chosen_on: date | None = None
    hold: str | None = None
    audited_again_by: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    warned_on: date | None = None
    warned_of: date | None = None


def due_on(facts: CycleFacts, months: int) -> date | None:
    """Return the date from which the texts are removed: the chosen one, else so many months after the cycle
    was reported. None while it is not reported."""
    if facts.chosen_on is not None:
        return facts.chosen_on
    return months_later(facts.reported_on, months) if facts.reported_on is not None else None


def held_because(facts: CycleFacts, on: date) -> tuple[str, ...]:
    """Return the reasons, in words, why nothing is removed, whatever the date."""
    reasons = []
    if facts.hold is not None:
        reasons.append(facts.hold)
    if facts.frozen_on is None or facts.frozen_on > on:
        reasons.append("its figures are not final, because the cycle is not closed and frozen")
    again = (f"cycle {later} audits its cases again and is not final" for later in facts.audited_again_by)
    return (*reasons, *again, *facts.unfinished)


def warn_on(facts: CycleFacts, months: int, days: WorkingDays) -> date | None:
    """Return the working day from which coordinators are warned; None without a date."""
    due = due_on(facts, months)
    return None if due is None else days.offset(due, -WARNED_BEFORE)


def is_warned(facts: CycleFacts, months: int) -> bool:
    """True when the warning that was sent named the date that holds now."""
    return facts.warned_on is not None and facts.warned_of == due_on(facts, months)


def wants_warning(facts: CycleFacts, months: int, on: date, days: WorkingDays) -> bool:
    """True when coordinators are to be warned: from 20 working days before, once for each date, not while it
    is held."""
    warn = warn_on(facts, months, days)
    return warn is not None and warn <= on and not is_warned(facts, months) and not held_because(facts, on)


def by_itself_on(facts: CycleFacts, months: int, days: WorkingDays) -> date | None:
    """Return the date from which the nightly run removes the texts: the due date, and never sooner than 20
    working days after the warning. None while nobody was warned of it."""
    due = due_on(facts, months)
    if due is None or facts.warned_on is None or not is_warned(facts, months):
        return None
    return max(due, days.offset(facts.warned_on, WARNED_BEFORE))


def goes_by_itself(facts: CycleFacts, months: int, on: date, days: WorkingDays) -> bool:
    """True when the nightly run removes the texts on this day."""
    then = by_itself_on(facts, months, days)
    return then is not None and then <= on and not held_because(facts, on)


def refuse_removal(facts: CycleFacts, months: int, on: date) -> str | None:
    """Return why a person cannot remove the texts on a day, in a sentence; None when they can."""
    if reasons := held_because(facts, on):
        return f"The texts are kept: {'; '.join(reasons)}"
    due = due_on(facts, months)
    if due is None:
        return "The cycle has no reporting date, so set a date of removal first"
    if due > on:
        return f"The texts can be removed from {in_words(due)}. To remove them sooner, set another date."
    return None
