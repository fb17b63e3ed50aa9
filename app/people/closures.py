"""The council's calendar: working days with the closure days that the product keeps."""

from flask import g
from sqlalchemy import select

from app.database import db
from app.people.models import Closure
from app.working_days import WorkingDays


def working_days() -> WorkingDays:
    """The council's working days, read once a request or run."""
    if "working_days" not in g:
        g.working_days = WorkingDays(db.session.scalars(select(Closure.day)))
    found: WorkingDays = g.working_days
    return found


def forget_working_days() -> None:
    """To be called when closure days change."""
    g.pop("working_days", None)
