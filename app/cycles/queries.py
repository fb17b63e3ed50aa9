"""Queries of cycles."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.cycles.models import EarlierCycle
from app.database import db
from app.history.models import HistoryRow
from app.history.record import IMPORT
from app.tools.models import Tool


def all_cycles() -> Sequence[Cycle]:
    """Return all cycles with their tools, the latest requested first."""
    query = select(Cycle).options(joinedload(Cycle.tool))
    return db.session.scalars(query.order_by(Cycle.requested_on.desc(), Cycle.reference)).all()


def found(reference: str) -> Cycle | None:
    """Return the cycle with that reference, its tool loaded; None if there is none."""
    query = select(Cycle).where(Cycle.called(reference)).options(joinedload(Cycle.tool))
    return db.session.scalars(query).one_or_none()


def created_on() -> dict[str, date]:
    """Return the day on which each cycle was created in the product, by reference; none from files."""
    query = select(HistoryRow.subject, HistoryRow.on).where(
        HistoryRow.subject_kind == Cycle.kind, HistoryRow.what == "created", HistoryRow.who != IMPORT
    )
    return dict(db.session.execute(query).all())


def has_audits(cycle: Cycle) -> bool:
    """Return whether a cycle has audits, withdrawn ones too."""
    return bool(db.session.scalar(select(exists().where(Audit.cycle_id == cycle.id))))


def calls_for_responses(cycle: Cycle) -> bool:
    """Return whether a grade of a cycle's tool calls for a response of the service."""
    called_for = (row.calls_for_response for section in cycle.tool.sections for row in section.questions)
    return any(called_for)


def comparable_to(cycle: Cycle | None) -> Sequence[tuple[str, str]]:
    """Return the choices of cycles that this one, or a new one, is comparable with: (reference, label).

    The latest first, then those known only as published.
    """
    others = [candidate for candidate in all_cycles() if cycle is None or candidate.id != cycle.id]
    earlier = db.session.scalars(select(EarlierCycle).order_by(EarlierCycle.reported_on.desc()))
    return [(candidate.reference, f"{candidate.reference}, {candidate.title}") for candidate in others] + [
        (candidate.reference, f"{candidate.reference}, {candidate.title}, as published")
        for candidate in earlier
    ]


def tools() -> Sequence[Tool]:
    """Return the published tools that a cycle can use, the newest version of each first."""
    query = select(Tool).where(Tool.is_draft.is_(False))
    return db.session.scalars(query.order_by(Tool.title, Tool.version.desc())).all()
