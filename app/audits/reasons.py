"""Changes to the council's own list of reasons for not returning an audit."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select, update

from app.audits.models import Audit, NotReturnedReason
from app.audits.reasons_told import Reasons, told_to_others
from app.database import db, transaction
from app.history.record import Event, record
from app.refusal import Refused


def all_reasons() -> Sequence[NotReturnedReason]:
    """Return the reasons, in the council's order."""
    return db.session.scalars(select(NotReturnedReason).order_by(NotReturnedReason.position)).all()


def told(reasons: Iterable[tuple[str, int | None]], *, to_coordinator: bool = False) -> Reasons:
    """Return the reasons for not returning audits, each with its number, as their reader may see them."""
    if to_coordinator:
        return tuple(reasons)
    about_work = select(NotReturnedReason.label).where(~NotReturnedReason.is_personal)
    return told_to_others(reasons, db.session.scalars(about_work).all())


def add_reason(label: str, *, by: str) -> None:
    """Add a reason at the end of the list. Raises Refused when it is in the list already."""
    with transaction():
        _refuse_taken(label, None)
        last = db.session.scalar(select(func.max(NotReturnedReason.position))) or 0
        db.session.add(NotReturnedReason(label=label, position=last + 1))
        record(by, [_event("added", None, label)])


def rename_reason(reason_id: int, label: str, *, by: str) -> None:
    """Rename a reason, also on the audits that have it. Raises Refused when the label is taken."""
    with transaction():
        reason = db.session.get_one(NotReturnedReason, reason_id, with_for_update=True)
        if reason.label == label:
            return
        _refuse_taken(label, reason_id)
        record(by, [_event("renamed", reason.label, label)])
        renamed = update(Audit).where(Audit.reason_not_returned == reason.label)
        db.session.execute(renamed.values(reason_not_returned=label))
        reason.label = label


def mark_personal(reason_id: int, is_personal: bool, *, by: str) -> None:
    """Say whether a reason is about somebody's own person."""
    with transaction():
        reason = db.session.get_one(NotReturnedReason, reason_id, with_for_update=True)
        if reason.is_personal == is_personal:
            return
        reason.is_personal = is_personal
        record(by, [_event("personal" if is_personal else "not personal", None, reason.label)])


def move_up(reason_id: int, *, by: str) -> None:
    """Put a reason before the one above it; the first one stays."""
    with transaction():
        query = select(NotReturnedReason).order_by(NotReturnedReason.position).with_for_update()
        reasons = db.session.scalars(query).all()
        place = [reason.id for reason in reasons].index(reason_id)
        if place == 0:
            return
        above, moved = reasons[place - 1], reasons[place]
        above.position, moved.position = moved.position, above.position
        record(by, [_event("moved up", None, moved.label)])


def _refuse_taken(label: str, reason_id: int | None) -> None:
    if NotReturnedReason.taken(label, reason_id):
        raise Refused("This reason is already in the list")


def _event(what: str, before: str | None, after: str) -> Event:
    return Event("setting", "reasons for not returning", what, before, after)
