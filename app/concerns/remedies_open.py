"""The open remedies of a day, as a query over all of them."""

from datetime import date

from sqlalchemy import Subquery, select

from app.audits.open_on import not_yet
from app.concerns.models import Remedy


def open_remedies(on: date) -> Subquery:
    """Select the remedies that are open on a day, also of closed cycles: id, reference, owner_id, due_on.

    Earlier owners and due days are not stored, so these two have today's value.
    """
    return (
        select(Remedy.id, Remedy.reference, Remedy.owner_id, Remedy.due_on)
        .where(Remedy.raised_on <= on, not_yet(Remedy.done_on, on), not_yet(Remedy.withdrawn_on, on))
        .subquery("open_remedies")
    )
