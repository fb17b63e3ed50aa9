"""Reading the pair's notes beside its answers: the context of the case, and the last page of the form."""

from sqlalchemy import select

from app.answers.merging import Factor
from app.answers.models import ContextFactor, ContextNote, FormNote
from app.database import db


def factors() -> dict[int, str]:
    """Return the council's context factors, by id, in its order."""
    query = select(ContextFactor.id, ContextFactor.label).order_by(ContextFactor.position)
    return dict(db.session.execute(query).all())


def context_of(audit_id: int) -> dict[int, Factor]:
    """Return the factors that were there in an audit's case, by the factor's id."""
    query = select(ContextNote.factor_id, ContextNote.note).where(ContextNote.audit_id == audit_id)
    return {factor_id: Factor(True, note) for factor_id, note in db.session.execute(query)}


def noted_context(audit_id: int) -> dict[str, str | None]:
    """Return the factors that were there in an audit's case with their notes, in the council's order."""
    query = (
        select(ContextFactor.label, ContextNote.note)
        .join(ContextNote, ContextNote.factor_id == ContextFactor.id)
        .where(ContextNote.audit_id == audit_id)
        .order_by(ContextFactor.position)
    )
    return dict(db.session.execute(query).all())


def note_of(audit_id: int) -> FormNote:
    """Return the pair's note beside the answers; a blank one, not stored, while there is none."""
    note = db.session.get(FormNote, audit_id, populate_existing=True)
    return note or FormNote(audit_id=audit_id)
