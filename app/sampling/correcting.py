"""Correcting the case number of an audit whose case was, perhaps, drawn."""

from datetime import date

from sqlalchemy import exists, select, update

from app.audits import moves
from app.audits.models import Audit
from app.audits.moving import locked
from app.case_keys.mark import as_compared
from app.database import db, transaction
from app.people.models import Person
from app.sampling import queries as drawn
from app.sampling.models import DrawnCase


def correct_case_number(
    reference: str,
    by: Person,
    on: date,
    case_reference: str,
    because: str,
    version: int | None = None,
) -> None:
    """Correct the number of an audit's case, with a reason.

    A drawn case stays the case of this audit, unless others of the cycle still have the number that it had.
    Its number in the list stays, so that the draw can be repeated.
    """
    with transaction():
        audit = locked(reference)
        before, draw = audit.case_folded, drawn.kept(audit.cycle)
        moves.correct_case_number(reference, by, on, case_reference, because, version)
        others = exists().where(Audit.cycle_id == audit.cycle_id, Audit.case_folded == before)
        if draw is not None and before is not None and not db.session.scalar(select(others)):
            theirs = (DrawnCase.draw_id == draw.id, DrawnCase.case_folded == before)
            corrected = update(DrawnCase).where(*theirs).values(case_folded=as_compared(audit.case_reference))
            db.session.execute(corrected)
