"""Reading cycles."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audits.cycle import Cycle
from app.cycles.models import EarlierCycle
from app.database import db
from app.tools.models import Tool


def all_cycles() -> Sequence[Cycle]:
    """Return all cycles with their tools, the latest requested first."""
    query = select(Cycle).options(joinedload(Cycle.tool))
    return db.session.scalars(query.order_by(Cycle.requested_on.desc(), Cycle.reference)).all()


def found(reference: str) -> Cycle | None:
    """The cycle of that reference, with its tool."""
    query = select(Cycle).where(Cycle.reference == reference).options(joinedload(Cycle.tool))
    return db.session.scalars(query).one_or_none()


def comparable_to(cycle: Cycle | None) -> Sequence[tuple[str, str]]:
    """The cycles that this one, or a new one, can be declared comparable with, past ones that are known only
    as published included: (reference, how it is called), the latest first."""
    others = [each for each in all_cycles() if cycle is None or each.id != cycle.id]
    earlier = db.session.scalars(select(EarlierCycle).order_by(EarlierCycle.reported_on.desc()))
    return [(each.reference, f"{each.reference}, {each.title}") for each in others] + [
        (each.reference, f"{each.reference}, {each.title}, as published") for each in earlier
    ]


def tools() -> Sequence[Tool]:
    """The published tools, which a cycle can use, the newest version of each first."""
    query = select(Tool).where(Tool.is_draft.is_(False))
    return db.session.scalars(query.order_by(Tool.title, Tool.version.desc())).all()
