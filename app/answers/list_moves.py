"""Changes to the council's own lists for answers: places where evidence is found, context factors.

Answers refer to an entry by its id, so they keep it when it is renamed or moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from app.answers.models import ContextFactor, EvidencePlace
from app.database import db, transaction
from app.history.record import Event, record
from app.refusal import Refused

Entry = EvidencePlace | ContextFactor


@dataclass(frozen=True)
class OwnList:
    """A list: its table, its name in the history and on pages, and what one entry is called."""

    model: type[EvidencePlace] | type[ContextFactor]
    name: str
    one: str


PLACES = OwnList(EvidencePlace, "places where evidence is found", "place")
CONTEXT = OwnList(ContextFactor, "context factors", "factor")


def entries(which: OwnList) -> Sequence[Entry]:
    """Return the entries of the list, in the council's order."""
    return db.session.scalars(_in_order(which)).all()


def add(which: OwnList, label: str, *, by: str) -> None:
    """Add an entry at the end. Raises Refused when it is in the list already."""
    with transaction():
        _refuse_taken(which, label, None)
        last = db.session.scalar(select(func.max(which.model.position))) or 0
        db.session.add(which.model(label=label, position=last + 1))
        record(by, [_event(which, "added", None, label)])


def rename(which: OwnList, entry_id: int, label: str, *, by: str) -> None:
    """Rename an entry. Raises Refused when another entry has that label."""
    with transaction():
        entry: Any = db.session.get_one(which.model, entry_id, with_for_update=True)
        if entry.label == label:
            return
        _refuse_taken(which, label, entry_id)
        record(by, [_event(which, "renamed", entry.label, label)])
        entry.label = label


def move_up(which: OwnList, entry_id: int, *, by: str) -> None:
    """Put an entry before the one above it; the first one stays."""
    with transaction():
        listed = db.session.scalars(_in_order(which).with_for_update()).all()
        place = [entry.id for entry in listed].index(entry_id)
        if place == 0:
            return
        above, moved = listed[place - 1], listed[place]
        above.position, moved.position = moved.position, above.position
        record(by, [_event(which, "moved up", None, moved.label)])


def _in_order(which: OwnList) -> Select[Any]:
    return select(which.model).order_by(which.model.position)


def _refuse_taken(which: OwnList, label: str, entry_id: int | None) -> None:
    """Refuse a label that another entry has, in any spelling."""
    if which.model.taken(label, entry_id):
        raise Refused(f"This {which.one} is already in the list")


def _event(which: OwnList, what: str, before: str | None, after: str) -> Event:
    return Event("setting", which.name, what, before, after)
