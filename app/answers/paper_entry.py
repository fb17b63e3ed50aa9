"""Entry of forms that an auditor filled in on paper: the same form, marked as entered by a coordinator."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.answers.models import FormNote
from app.audits import moves
from app.audits.facts import pair_on
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.audits.moving import locked, moving
from app.clock import today
from app.database import db, transaction
from app.moves.moving import tell
from app.people.models import Person
from app.people.naming import names
from app.people.roles import RoleName
from app.refusal import NotNow, Refused

ALREADY = "The form for this audit is already being entered from paper"


@dataclass(frozen=True)
class Paper:
    """The name of the coordinator who types a paper form in, and the day on which they began."""

    by: str
    on: date


def paper_of(audit: Audit, on: date) -> Paper | None:
    """Return the entry from paper that had begun by that day; None where the pair fills the form in."""
    query = select(FormNote.entered_by_id, FormNote.entered_on).where(
        FormNote.audit_id == audit.id, FormNote.entered_on <= on
    )
    named = names(today())
    entered = db.session.execute(query).all()
    return next((Paper(named[by_id], began) for by_id, began in entered if by_id and began), None)


def may_save(audit: Audit, person: Person, on: date) -> bool:
    """True when this person may save answers: the pair always, coordinators where the form is on paper."""
    if pair_on(audit, on).part_of(person.id) is not None:
        return True
    return RoleName.COORDINATOR in person.role_names and paper_of(audit, on) is not None


def begin_paper(reference: str, by: Person, on: date, version: int | None = None) -> None:
    """Mark the form of an audit as entered from paper by this coordinator."""
    with moving(reference, Move.SAVE, on, version) as audit:
        note = db.session.get(FormNote, audit.id)
        if note is None:
            note = FormNote(audit_id=audit.id)
            db.session.add(note)
        if note.entered_by_id is not None:
            raise NotNow(ALREADY)
        note.entered_by_id, note.entered_on = by.id, on
        people = pair_on(audit, on).people
        tell(audit, by, on, "entered from paper", after=f"for {people[0].name}" if people else None)


def return_form(reference: str, by: Person, on: date) -> None:
    """Return an audit, as its lead or, from paper, as a coordinator in the lead's name.

    The second auditor is asked to confirm it as always. Raises Refused for everybody else.
    """
    with transaction():
        audit = locked(reference)
        if refused := refuse_return(audit, by, on):
            raise Refused(refused)
        moves.return_audit(reference, by, on, from_paper=paper_of(audit, on) is not None)


def refuse_return(audit: Audit, by: Person, on: date) -> str | None:
    """Return why this person may not return this audit; None when they may. From paper, a coordinator may."""
    from_paper = RoleName.COORDINATOR in by.role_names and paper_of(audit, on) is not None
    return moves.refuse_returner(audit, by, on, from_paper=from_paper)
