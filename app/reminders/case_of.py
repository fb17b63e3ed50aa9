"""The case that a thing is about, whose number no words on the thing may hold."""

from sqlalchemy import select

from app.audits.models import Audit
from app.concerns.models import CalledResponse, Remedy
from app.database import db
from app.reminders.due import AUDIT

_ABOUT_A_CASE: dict[str, type[Remedy | CalledResponse]] = {
    model.kind: model for model in (Remedy, CalledResponse)
}


def case_of(obligation_kind: str, obligation_id: int) -> str | None:
    """Return the number of the case that an audit, a remedy or a response is about; None for other things."""
    query = select(Audit.case_reference)
    if obligation_kind == AUDIT:
        return db.session.scalar(query.where(Audit.id == obligation_id))
    model = _ABOUT_A_CASE.get(obligation_kind)
    if model is None:
        return None
    return db.session.scalar(query.join(model, model.audit_id == Audit.id).where(model.id == obligation_id))
