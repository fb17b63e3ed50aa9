"""The references that the service gives out: A1, R7, Q2, E3."""

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.database import db


def next_reference(taken: InstrumentedAttribute[str], prefix: str) -> str:
    """Return the next free reference of a kind: its prefix and one more than the highest number taken.

    `taken` is the column of its references. Call it inside the transaction that uses it.
    """
    endings = [
        reference.removeprefix(prefix)
        for reference in db.session.scalars(select(taken).where(taken.like(f"{prefix}%")))
    ]
    numbers = [int(ending) for ending in endings if ending.isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1}"
