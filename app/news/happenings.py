"""The things that make news, and how long news holds. Pure."""

from datetime import date
from enum import StrEnum

from app.working_days import WorkingDays

HOLDS_FOR = 20
"""Working days for which news that nobody has read is still sent, and shown on the first page."""


class Happening(StrEnum):
    """A thing that became of one's own work."""

    OTHER_AUDITOR = "other auditor"
    OTHER_DUE_DATE = "other due date"
    SECOND_DIFFERS = "second differs"
    GRADE_CHANGED = "grade changed"
    REPLY_CHANGED_GRADE = "reply changed grade"
    REPLY_DECIDED = "reply decided"
    LATER_GRANTED = "later granted"
    LATER_REFUSED = "later refused"
    SIGNED_OFF = "signed off"
    HANDED_BACK = "handed back"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not effective"
    ALERT_TAKEN_UP = "alert taken up"
    TO_MODERATE = "to moderate"
    RESPONSE_FELL_AWAY = "response fell away"


def holds(made_on: date, read_on: date | None, on: date, days: WorkingDays) -> bool:
    """Return True while news goes into a daily email: not read, and at most 20 working days old."""
    return made_on <= on and (read_on is None or read_on > on) and on <= days.offset(made_on, HOLDS_FOR)


def is_shown(made_on: date, on: date, days: WorkingDays) -> bool:
    """Return True while news stands on the first page, also once it was read."""
    return made_on <= on <= days.offset(made_on, HOLDS_FOR)
