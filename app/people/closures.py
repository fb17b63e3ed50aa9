"""The council's calendar: working days with the closure days that the product keeps."""

from datetime import date

from flask import g
from sqlalchemy import select

from app import due_dates
from app.database import db
from app.people.models import Closure
from app.working_days import WorkingDays


def working_days() -> WorkingDays:
    """Return the council's working days, read once per request or run."""
    if "working_days" not in g:
        g.working_days = WorkingDays(db.session.scalars(select(Closure.day)))
    days: WorkingDays = g.working_days
    return days


def due_in_words(due_on: date | None) -> str:
    """Return the date that a due date counts as, in words, and the one entered where it is another."""
    return due_dates.in_words(due_on, working_days())


def forget_working_days() -> None:
    """Drop the cached working days; call it whenever closure days change."""
    g.pop("working_days", None)
