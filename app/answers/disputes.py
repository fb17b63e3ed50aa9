"""The decisions on disputes of grades. A moderator made them, so they count like moderations.

An area above this one keeps them, and gives the query of them here.
"""

from datetime import date

from sqlalchemy import ColumnElement, Select, select

from app.audits.models import Audit
from app.database import db

_DECISIONS: list[Select[int, int | None, date | None]] = []


def kept_in(decisions: Select[int, int | None, date | None]) -> None:
    """Take the query of the decisions that hold: the id of the audit, that of the moderator, and the day."""
    _DECISIONS.append(decisions)


def decisions_about(audit_id: int) -> dict[int, date]:
    """Return the moderators who decided a dispute about an audit, by id, each with the day."""
    found: dict[int, date] = {}
    for decisions in _DECISIONS:
        rows = decisions.subquery()
        wanted = select(rows).where(rows.c.audit_id == audit_id)
        found |= {row.decided_by_id: row.decided_on for row in db.session.execute(wanted)}
    return found


def decided(*, by: int | None = None) -> ColumnElement[bool]:
    """Return the condition of an audit about which a dispute was decided, by anybody or by one moderator."""
    condition: ColumnElement[bool] = Audit.id.in_([])
    for decisions in _DECISIONS:
        rows = decisions.subquery()
        wanted = select(rows.c.audit_id)
        condition |= Audit.id.in_(wanted if by is None else wanted.where(rows.c.decided_by_id == by))
    return condition
