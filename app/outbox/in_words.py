"""Kinds and states of emails, and reminders, in the words of pages. What is stored keeps its names. Pure."""

from datetime import date

from app.due_dates import how_overdue, that_counts
from app.outbox.names import ASSIGNED, AUDITED, CALLS, DIGEST, MANAGER, PRACTICE, WEEKLY
from app.wording import full_day, working_days
from app.wording import in_words as day_in_words
from app.working_days import WorkingDays

KINDS = {
    DIGEST: "daily email",
    MANAGER: "email to managers",
    CALLS: "phone calls to make",
    WEEKLY: "weekly summary",
    PRACTICE: "practice message",
    ASSIGNED: "new audits",
    "chase": "message from a coordinator",
    "declined": "auditor needed",
    "handed-over": "nothing more to do",
    "to-do-again": "audit to do after all",
    "given": "new tasks",
    "confirm": "return to confirm",
    "alert": "alert",
    "response": "response needed",
    AUDITED: "case audited",
    "reply": "audit to read",
    "replied": "worker’s reply",
    "retention": "texts about to be removed",
    "history": "history changed",
    "trouble": "problem with the service",
    "invitation": "invitation",
    "password": "new password",  # nosec B105 # the name of a kind of email
    "access": "change of access",
    "role-request": "role to confirm",
    "key-ends": "API key that ends",
    "test": "test email",
}

_OF_ONE_THING = {"given": "new task", "sent back": "audit sent back"}
"""The names of emails about one thing, where those of their kind are about several, or about more."""

STATES = {
    "queued": "waiting to be sent",
    "sending": "being sent",
    "sent": "sent",
    "failed": "could not be delivered",
    "held": "on hold",
    "overtaken": "no longer needed",
    "dropped": "dropped",
}

_ON_THEIR_OWN = {
    ASSIGNED: "new audit",
    AUDITED: "a case of theirs is being audited",
    "reassign": "the person has left",
    "check": "quick win has ended",
    PRACTICE: "practice message",
    "news": "news",
}
"""Reminders that are not counted from a due date."""

_DATED_OTHERWISE = {"check": "quick win ended on", PRACTICE: "practice message for"}
"""Reminders whose date is the end or a day of a quick win, with the words before it."""

_NAMES = {
    "due-soon": "due soon",
    "due-today": "due today",
    "overdue": "overdue",
    "overdue-manager": "overdue: manager told",
    "phone-call": "overdue: phone call to make",
}

_COMING = {
    ASSIGNED: "told of the audit",
    "due-soon": "reminder",
    "due-today": "due-date reminder",
    "overdue": "overdue reminder",
    "overdue-manager": "line managers told",
    "phone-call": "phone call to make",
    "reassign": "coordinators told that someone has left",
}

_WHAT_FOLLOWS = {
    "due-soon": "",
    "due-today": "",
    "overdue": "",
    "overdue-manager": "manager told",
    "phone-call": "phone call to make",
}


def kind_in_words(kind: str) -> str:
    """Return "daily email" for a kind of email."""
    return KINDS.get(kind, _spaced(kind))


def at_once_in_words(kind: str) -> str:
    """Return "return to confirm" for a kind of email sent at once, as it is said of one thing."""
    return _OF_ONE_THING.get(kind) or kind_in_words(kind)


def reminder_name(step: str) -> str:
    """Return "overdue: manager told" for a step of a ladder; a council's own step has its own name."""
    return _ON_THEIR_OWN.get(step) or _NAMES.get(step) or _spaced(step)


def reminder_in_words(step: str, late: int) -> str:
    """Return "overdue by 5 working days, manager told" for a step so many working days after the due date.

    Before the due date `late` is negative: "due in 5 working days".
    """
    if late < 0:
        return _followed(f"due in {working_days(-late)}", step)
    return _followed(f"overdue by {working_days(late)}" if late else "due today", step)


def reminder_on(step: str, due_on: date | None, on: date, days: WorkingDays) -> str:
    """Return the same for something due on a date, as it is on a day."""
    if due_on is None:
        return reminder_name(step)
    if overdue := how_overdue(due_on, on, days):
        return _followed(f"overdue {overdue}", step)
    return reminder_in_words(step, -days.between(on, that_counts(due_on, days)))


def reminder_with_date(step: str, due_on: date | None, on: date, days: WorkingDays) -> str:
    """Return the same with the date: "overdue by 2 working days (due Friday 12 November 2010)"."""
    words = reminder_on(step, due_on, on, days)
    if due_on is None:
        return words
    if step in _DATED_OTHERWISE:
        return f"{_DATED_OTHERWISE[step]} {full_day(due_on)}"
    counts_as = full_day(that_counts(due_on, days))
    return f"{words}, {counts_as}" if words == "due today" else f"{words} (due {counts_as})"


def _followed(when: str, step: str) -> str:
    """Return when a reminder goes, and what follows from it; some are not counted from a due date."""
    if step in _ON_THEIR_OWN:
        return _ON_THEIR_OWN[step]
    follows = _WHAT_FOLLOWS.get(step, _spaced(step))
    if step == "phone-call":
        return f"{follows}, {when}"
    return f"{when}, {follows}" if follows else when


def next_reminder(step: str | None, promised_on: date | None = None) -> str:
    """Return "overdue reminder" for the step of a ladder that comes next, beside its date. Where a promise
    keeps it back: "promised for 26 November 2010, then overdue reminder"."""
    words = _COMING.get(step, _spaced(step)) if step else ""
    if promised_on is None:
        return words
    promised = f"promised for {day_in_words(promised_on)}"
    return f"{promised}, then {words}" if words else promised


def _spaced(name: str) -> str:
    return name.replace("-", " ")
