"""The council's calendar: working days with the closure days that the product keeps."""

from flask import g
from sqlalchemy import select

from app.database import db
from app.people.models import Closure
from app.working_days import WorkingDays


def working_days() -> WorkingDays:
    """Return the council's working days, read once per request or run."""
    if "working_days" not in g:
        g.working_days = WorkingDays(db.session.scalars(select(Closure.day)))
    days: WorkingDays = g.working_days
    return days


def forget_working_days() -> None:
    """Drop the cached working days; call it whenever closure days change."""
    g.pop("working_days", None)
