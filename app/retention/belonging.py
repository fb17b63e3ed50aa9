"""The rows that belong to a cycle: of its audits, of its draws, or about what belongs to these."""

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.audits.models import Audit
from app.database import db
from app.sampling.models import Draw

THINGS = {
    "audit": "audits",
    "alert": "alerts",
    "remedy": "remedies",
    "response": "called_responses",
    "reply": "worker_replies",
}
"""The tables of what emails, news and calls are about, by its kind."""

AS_IT_IS = {"synchronize_session": False}
"""The way of changes that no object in memory follows: these are read anew afterwards."""


def table_of(name: str) -> Table:
    """Return a table by its name."""
    return db.metadata.tables[name]


def audits_of(cycle_id: int) -> Select[int]:
    """Select the ids of the audits of a cycle."""
    return select(Audit.id).where(Audit.cycle_id == cycle_id)


def of_cycle(table: Table, cycle_id: int) -> ColumnElement[bool]:
    """Return the condition of the rows of a table that belong to a cycle."""
    if table.name == "audits":
        return table.c.cycle_id == cycle_id
    if "audit_id" in table.c:
        return table.c.audit_id.in_(audits_of(cycle_id))
    if "draw_id" in table.c:
        return table.c.draw_id.in_(select(Draw.id).where(Draw.cycle_id == cycle_id))
    return about(table.c.obligation_kind, table.c.obligation_id, cycle_id)


def about(
    kind: ColumnElement[str] | InstrumentedAttribute[str],
    number: ColumnElement[int] | InstrumentedAttribute[int],
    cycle_id: int,
) -> ColumnElement[bool]:
    """Return the condition of being about an audit of a cycle, or about what belongs to one."""
    return or_(*(and_(kind == name, number.in_(things(name, cycle_id))) for name in THINGS))


def things(kind: str, cycle_id: int) -> Select[int]:
    """Select the ids of what of a kind belongs to a cycle."""
    table = table_of(THINGS[kind])
    return select(table.c.id).where(of_cycle(table, cycle_id))
