"""The cases behind audits: how many different ones there are, and how many two cycles share."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, select

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.database import db


def shared_cases(cycle: Cycle, at: Standings, *others: ColumnElement[bool]) -> Mapping[str, int | None]:
    """Return by reference how many different cases each other cycle that fulfils these conditions shares with
    a cycle, among the audits that count; None where some of either have no case number any more."""
    counts, number = at.where(Standing.RETURNED), Audit.case_folded
    of_cycle = select(number).where(Audit.cycle_id == cycle.id, counts)
    without_number = number.is_(None).label("without_number")
    found = db.session.execute(
        select(
            Cycle.reference,
            func.count(number.distinct()).filter(number.in_(of_cycle.where(number.is_not(None)))),
            func.count().filter(without_number, Audit.id.is_not(None)),
        )
        .outerjoin(Audit, (Audit.cycle_id == Cycle.id) & counts)
        .where(Cycle.id != cycle.id, *others)
        .group_by(Cycle.id)
        .order_by(Cycle.reference)
    ).all()
    is_known = None not in db.session.scalars(of_cycle.where(number.is_(None)).limit(1)).all()
    return {other: shared if is_known and not unknown else None for other, shared, unknown in found}
