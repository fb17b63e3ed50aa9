"""References that the service gives by itself: A1, R7, Q2, E3."""

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.database import db


def next_reference(taken: InstrumentedAttribute[str], prefix: str) -> str:
    """The next free reference of a kind: its prefix and one more than the highest number that is taken.

    `taken` is the column of its references. Call it inside the transaction that uses it.
    """
    found = db.session.scalars(select(taken).where(taken.like(f"{prefix}%"))).all()
    numbers = [int(one.removeprefix(prefix)) for one in found if one.removeprefix(prefix).isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1}"
