"""The emptiness of a new installation."""

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.database import db
from app.people.models import Person
from app.tools.models import Tool


def is_empty() -> bool:
    """Return True while the installation has neither people nor tools nor cycles."""
    return all(db.session.scalar(select(model).limit(1)) is None for model in (Person, Tool, Cycle))
