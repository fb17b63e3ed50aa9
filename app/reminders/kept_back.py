"""The steps that are kept back on a day: a promise holds, or a coordinator holds them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.sql import Subquery

from app.audits.open_on import not_yet
from app.audits.promising import promised_among
from app.database import db
from app.reminders.due import AUDIT, Due
from app.reminders.ladders import AFTER_THE_DUE_DAY
from app.reminders.models import HeldItem
from app.reminders.settle import HELD, PROMISED

Key = tuple[str, int, int, str, str, date]
"""The key of a step that somebody holds: the thing, the person, the kind of message, step and anchor."""


@dataclass(frozen=True)
class KeptBack:
    """The audits whose promise holds on a day, and the steps that coordinators hold."""

    promised: frozenset[int]
    held: frozenset[Key]

    def reason(self, item: Due) -> str:
        """Return why a step is kept back today; nothing for one that goes."""
        is_of_promised = item.obligation_kind == AUDIT and item.obligation_id in self.promised
        if is_of_promised and item.step in AFTER_THE_DUE_DAY:
            return PROMISED
        key = (
            item.obligation_kind,
            item.obligation_id,
            item.person_id,
            item.kind,
            item.step,
            item.anchor_on,
        )
        return HELD if key in self.held else ""


def kept_back(audits: Subquery, on: date) -> KeptBack:
    """Return what is kept back on a day, of these open audits."""
    return KeptBack(frozenset(promised_among(audits, on)), _held(on))


def _held(on: date) -> frozenset[Key]:
    item = HeldItem
    query = select(
        item.obligation_kind, item.obligation_id, item.person_id, item.kind, item.step, item.anchor_on
    ).where(
        item.made_on <= on, or_(item.until_on.is_(None), item.until_on >= on), not_yet(item.let_go_on, on)
    )
    return frozenset(row.tuple() for row in db.session.execute(query))
