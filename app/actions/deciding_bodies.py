"""The bodies that can decide, as choices of a list."""

from sqlalchemy import select

from app.actions.models import Body
from app.database import db


def bodies() -> list[tuple[str, str]]:
    """Return the bodies that decide, by name, as choices of a list."""
    return [
        (str(row.id), row.name) for row in db.session.execute(select(Body.id, Body.name).order_by(Body.name))
    ]
