"""The steps that are kept back on a day: a promise holds, or a coordinator holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.sql import Subquery

from app.audits.open_on import not_yet
from app.audits.promising import promised_among
from app.database import db, insert_or_leave
from app.outbox.models import MessageItem
from app.reminders.due import AUDIT, Due, Key
from app.reminders.ladders import AFTER_THE_DUE_DAY
from app.reminders.models import HeldItem, NotSent
from app.reminders.settle import HELD, PROMISED, NotSentToday, row_of


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
        return HELD if item.key in self.held else ""


def kept_back(audits: Subquery, on: date) -> KeptBack:
    """Return what is kept back on a day, of these open audits."""
    return KeptBack(frozenset(promised_among(audits, on)), held_keys(on))


def held_keys(on: date) -> frozenset[Key]:
    """Return the keys of the steps that coordinators hold on a day."""
    item = HeldItem
    query = select(
        item.obligation_kind, item.obligation_id, item.person_id, item.kind, item.step, item.anchor_on
    ).where(is_held(on))
    return frozenset(
        (thing, number, person, kind, step, anchor_on)
        for thing, number, person, kind, step, anchor_on in db.session.execute(query)
    )


def is_held(on: date) -> ColumnElement[bool]:
    """Return the condition that a step is held on a day: from the day it was decided, until it is over."""
    until = or_(HeldItem.until_on.is_(None), HeldItem.until_on >= on)
    return (HeldItem.made_on <= on) & until & not_yet(HeldItem.let_go_on, on)


def give_back(carried: Mapping[int, Due], on: date) -> set[int]:
    """Take the steps that are held on a day out of messages that have not gone, in the caller's transaction.

    `carried` are the items of those messages by their row's id; the ids of what was taken out are returned.
    That counts as never written, so that it goes once it is let go; the decision not to send it is recorded.
    """
    held = held_keys(on)
    given_back = {row_id: item for row_id, item in carried.items() if item.key in held}
    if given_back:
        db.session.execute(delete(MessageItem).where(MessageItem.id.in_(given_back)))
        decisions = [row_of(NotSentToday(item, HELD), on) for item in given_back.values()]
        db.session.execute(insert_or_leave(NotSent), decisions)
    return set(given_back)
