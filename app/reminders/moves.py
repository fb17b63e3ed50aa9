"""Changing the ladders."""

from sqlalchemy import delete, select

from app.audits.cycle import Cycle
from app.database import db, transaction
from app.history.record import Event, record
from app.people.models import Person
from app.reminders.ladder_book import default_ladders, ladder_book
from app.reminders.ladders import Ladder, rows_of
from app.reminders.models import EditedLadder


def change_ladder(kind: str, cycle: Cycle | None, ladder: Ladder, by: Person) -> None:
    """Let these steps hold from now on, for all obligations of a kind or for the audits of one cycle.

    What was sent stays sent: a step keeps its name, and goes to nobody twice for the same anchor day.
    """
    _replace(kind, cycle, ladder, by)


def reset_ladder(kind: str, cycle: Cycle | None, by: Person) -> None:
    """Go back to the ladder that holds without this change: the council's for a cycle, else the default."""
    _replace(kind, cycle, None, by)


def _replace(kind: str, cycle: Cycle | None, ladder: Ladder | None, by: Person) -> None:
    cycle_id = cycle.id if cycle else None
    with transaction():
        before = _holding(kind, cycle_id)
        same = EditedLadder.cycle_id.is_(None) if cycle_id is None else EditedLadder.cycle_id == cycle_id
        db.session.execute(delete(EditedLadder).where(EditedLadder.obligation_kind == kind, same))
        if ladder is not None:
            edited = EditedLadder(obligation_kind=kind, cycle_id=cycle_id, steps=rows_of(ladder))
            db.session.add(edited)
            db.session.flush()
        after = _holding(kind, cycle_id)
        subject = f"ladder {kind}" + (f" of {cycle.reference}" if cycle else "")
        what = "ladder changed" if ladder is not None else "ladder reset"
        record(by.email, [Event("setting", subject, what, _in_words(before), _in_words(after))])


def _holding(kind: str, cycle_id: int | None) -> Ladder:
    book = ladder_book()
    return book.general[kind] if cycle_id is None else book.for_audits_of(cycle_id)


def _in_words(ladder: Ladder) -> str:
    return ", ".join(f"{step.name} {step.offset:+d}" for step in ladder)


def is_edited(kind: str, cycle_id: int | None) -> bool:
    """True when this ladder is not the default."""
    same = EditedLadder.cycle_id.is_(None) if cycle_id is None else EditedLadder.cycle_id == cycle_id
    query = select(EditedLadder.id).where(EditedLadder.obligation_kind == kind, same)
    return db.session.scalar(query) is not None


def known_steps(kind: str) -> Ladder:
    """Return every step there can be in a ladder of this kind, in the order of its table."""
    return default_ladders()[kind]
