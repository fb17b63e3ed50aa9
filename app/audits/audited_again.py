"""The audits whose case a person audits again: until theirs is returned, they see no more of these than the
reference."""

from datetime import date

from flask_security import current_user
from sqlalchemy import Select, select

from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.audits.standing import held_on
from app.clock import today
from app.database import db


def audited_again_by(person_id: int, on: date) -> Select[int | None]:
    """Select the ids of the audits that this person's open ones repeat."""
    return (
        select(Audit.re_audit_of_id)
        .join(Assignment, Assignment.audit_id == Audit.id)
        .where(
            Audit.re_audit_of_id.is_not(None),
            not_yet(Audit.returned_on, on),
            not_yet(Audit.withdrawn_on, on),
            Assignment.person_id == person_id,
            held_on(on),
        )
    )


def unread() -> frozenset[int]:
    """Return the ids of those of the person who is signed in."""
    earlier = db.session.scalars(audited_again_by(current_user.id, today()))
    return frozenset(id_ for id_ in earlier if id_ is not None)
