"""The references that the service gives out: A1, R7, Q2, E3."""

from sqlalchemy import select

from app.called import Referenced
from app.database import db


def next_reference(kind: type[Referenced], prefix: str) -> str:
    """Return the next free reference of a kind: its prefix and one more than the highest number taken.

    Call it inside the transaction that uses it.
    """
    begins = kind.fold(prefix)
    taken = db.session.scalars(select(kind.folded).where(kind.folded.startswith(begins, autoescape=True)))
    endings = [reference.removeprefix(begins) for reference in taken]
    numbers = [int(ending) for ending in endings if ending.isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1}"
