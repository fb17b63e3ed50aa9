"""Changing the ladders."""

from sqlalchemy import delete, select

from app.audits.cycle import Cycle
from app.database import db, transaction
from app.history.record import Event, hold_history, record
from app.moves.meanwhile import CHANGED, digest
from app.people.models import Person
from app.refusal import ChangedMeanwhile
from app.reminders.ladder_book import default_ladders, ladder_book
from app.reminders.ladders import Ladder, rows_of
from app.reminders.models import EditedLadder


def change_ladder(
    name: str, cycle: Cycle | None, ladder: Ladder, by: Person, seen: str | None = None
) -> None:
    """Let these steps hold from now on, for all that this ladder chases or for the audits of one cycle.

    Steps that were sent stay sent: a step keeps its name, and goes to nobody twice for the same anchor day.
    `seen` is the mark of the ladder that the person saw. Raises ChangedMeanwhile when it has another by now.
    """
    _replace(name, cycle, ladder, by, seen)


def reset_ladder(name: str, cycle: Cycle | None, by: Person, seen: str | None = None) -> None:
    """Go back to the ladder that holds without this change: the council's for a cycle, else the default."""
    _replace(name, cycle, None, by, seen)


def mark_of_ladder(name: str, cycle: Cycle | None) -> str:
    """Return the mark of the ladder that holds now."""
    return digest(rows_of(_holding(name, cycle.id if cycle else None)))


def _replace(name: str, cycle: Cycle | None, ladder: Ladder | None, by: Person, seen: str | None) -> None:
    cycle_id = cycle.id if cycle else None
    with transaction():
        # a ladder that nobody has edited yet has no row that could be locked
        hold_history()
        if seen is not None and seen != mark_of_ladder(name, cycle):
            raise ChangedMeanwhile(CHANGED)
        before = _holding(name, cycle_id)
        same = EditedLadder.cycle_id.is_(None) if cycle_id is None else EditedLadder.cycle_id == cycle_id
        db.session.execute(delete(EditedLadder).where(EditedLadder.obligation_kind == name, same))
        if ladder is not None:
            edited = EditedLadder(obligation_kind=name, cycle_id=cycle_id, steps=rows_of(ladder))
            db.session.add(edited)
            db.session.flush()
        after = _holding(name, cycle_id)
        subject = f"ladder {name}" + (f" of {cycle.reference}" if cycle else "")
        what = "reminder schedule changed" if ladder is not None else "reminder schedule reset"
        record(by.email, [Event("setting", subject, what, _in_words(before), _in_words(after))])


def _holding(name: str, cycle_id: int | None) -> Ladder:
    book = ladder_book()
    return book.general[name] if cycle_id is None else book.for_audits_of(cycle_id)


def _in_words(ladder: Ladder) -> str:
    return ", ".join(step.words for step in ladder)


def is_edited(name: str, cycle_id: int | None) -> bool:
    """True when this ladder is not the default."""
    same = EditedLadder.cycle_id.is_(None) if cycle_id is None else EditedLadder.cycle_id == cycle_id
    query = select(EditedLadder.id).where(EditedLadder.obligation_kind == name, same)
    return db.session.scalar(query) is not None


def known_steps(name: str) -> Ladder:
    """Return every step there can be in the ladder of this name, in the order of its table."""
    return default_ladders()[name]
