"""Reading cycles."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.cycles.models import Cycle
from app.database import db
from app.tools.models import Tool


def all_cycles() -> Sequence[Cycle]:
    """All cycles with their tools, the latest requested first."""
    query = select(Cycle).options(joinedload(Cycle.tool))
    return db.session.scalars(query.order_by(Cycle.requested_on.desc(), Cycle.reference)).all()


def found(reference: str) -> Cycle | None:
    """The cycle of that reference, with its tool."""
    query = select(Cycle).where(Cycle.reference == reference).options(joinedload(Cycle.tool))
    return db.session.scalars(query).one_or_none()


def tools() -> Sequence[Tool]:
    """The published tools, which a cycle can use, the newest version of each first."""
    query = select(Tool).where(Tool.is_draft.is_(False))
    return db.session.scalars(query.order_by(Tool.title, Tool.version.desc())).all()
