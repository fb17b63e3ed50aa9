"""Changes to the council's closure days."""

from datetime import date

from sqlalchemy import select

from app.database import db, transaction
from app.history.record import Event, record
from app.people.closures import forget_working_days
from app.people.models import Closure
from app.refusal import Refused


def add_closure(on: date, name: str | None, *, by: str) -> None:
    """Enter a day on which the council is closed. Raises Refused when it is there already."""
    with transaction():
        if db.session.get(Closure, on):
            raise Refused("This closure day has already been added")
        db.session.add(Closure(day=on, name=name))
        record(by, [closure_event("added", on, name)])
    forget_working_days()


def remove_closure(on: date, *, by: str) -> None:
    """Take a closure day out; nothing happens when it is gone already."""
    with transaction():
        closure = db.session.scalar(select(Closure).where(Closure.day == on).with_for_update())
        if closure is not None:
            record(by, [closure_event("removed", on, closure.name)])
            db.session.delete(closure)
    forget_working_days()


def closure_event(what: str, on: date, name: str | None, why: str | None = None) -> Event:
    """Return the event of a closure day for the history."""
    return Event("setting", "closure days", what, after=f"{on} {name or ''}".strip(), why=why)
