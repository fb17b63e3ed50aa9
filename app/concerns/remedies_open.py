"""Reading all remedies as they stood on a day, set-based: what is open, and whose it is."""

from datetime import date

from sqlalchemy import Subquery, select

from app.audits.open_on import not_yet
from app.concerns.models import Remedy


def open_remedies(on: date) -> Subquery:
    """The remedies that are open on a day, also those of a closed cycle: id, reference, owner_id, due_on.

    Owner and due day keep no history: they have today's value.
    """
    return (
        select(Remedy.id, Remedy.reference, Remedy.owner_id, Remedy.due_on)
        .where(Remedy.raised_on <= on, not_yet(Remedy.done_on, on), not_yet(Remedy.withdrawn_on, on))
        .subquery("open_remedies")
    )
