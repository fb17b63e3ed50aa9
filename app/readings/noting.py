"""Noting what a request reads, and showing case numbers: the only place that does.

A request notes what it reads while its answer is made. The notes are written in one short transaction before
the answer leaves (`writing.py`), so that no answer leaves unrecorded.
"""

from dataclasses import dataclass, field
from typing import Protocol

from flask import g

from app.readings.kinds import Kind

AUDITS, DRAWN_CASES = "audits", "drawn_cases"


class OfACase(Protocol):
    """A row about a case: an audit, or a case that was drawn."""

    __tablename__: str
    id: int
    case_reference: str | None


@dataclass
class Note:
    """An entry that is to be written. `cases` are the rows of audits and of drawn cases, by their table."""

    kind: Kind
    what: str | None = None
    """None for the address of the request."""
    person_id: int | None = None
    """None for the person signed in."""
    program: str | None = None
    how_many: int | None = None
    """None for the number of cases."""
    cases: set[tuple[str, int]] = field(default_factory=set)


def case_number(row: OfACase) -> str | None:
    """Return the case number of a row to show it in this answer, and note that it is read.

    None where it has been removed.
    """
    if row.case_reference is None:
        return None
    if g.get("readings_written"):
        raise RuntimeError("a case number is shown after the reading of this answer was written")
    note(Kind.CASE_NUMBERS).cases.add((row.__tablename__, row.id))
    return row.case_reference


def note(kind: Kind, what: str | None = None, *, person_id: int | None = None) -> Note:
    """Return the note of this kind of this request."""
    notes = notes_of_request()
    for known in notes:
        if (known.kind, known.what, known.person_id) == (kind, what, person_id):
            return known
    notes.append(Note(kind, what, person_id))
    return notes[-1]


def notes_of_request() -> list[Note]:
    """Return what this request has noted so far."""
    if "readings" not in g:
        g.readings = []
    notes: list[Note] = g.readings
    return notes


def leave_out(kind: Kind) -> None:
    """Forget what this request has noted of this kind."""
    g.readings = [each for each in notes_of_request() if each.kind != kind]
