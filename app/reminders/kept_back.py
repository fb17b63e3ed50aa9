"""The steps that are kept back on a day: a promise holds, or a coordinator holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.sql import Subquery

from app.audits.open_on import not_yet
from app.audits.promising import promised_among
from app.database import db, insert_or_leave
from app.outbox.models import Message, MessageItem
from app.reminders.day import Day
from app.reminders.due import AUDIT, REASSIGN, Due, Key
from app.reminders.due_audits import latest_steps
from app.reminders.ladders import AFTER_THE_DUE_DAY
from app.reminders.models import HeldItem, NotSent
from app.reminders.settle import HELD, PROMISED, WRITTEN_THEN, NotSentToday, row_of


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


def held_among(carried: Mapping[int, Due], on: date) -> dict[int, NotSentToday]:
    """Return those items of unsent messages, by their row's id, that coordinators hold on a day."""
    held = held_keys(on)
    return {row_id: NotSentToday(item, HELD) for row_id, item in carried.items() if item.key in held}


def promised_among_carried(carried: Mapping[int, Due], day: Day) -> dict[int, Due]:
    """Return those items of unsent messages, by their row's id, of which a new message says nothing, since a
    promise holds by now: each with the latest step of that person in that kind of message, one after the due
    day."""
    audits = {item.obligation_id for item in carried.values() if item.obligation_kind == AUDIT}
    promised = audits.intersection(promised_among(day.audits, day.on)) if audits else audits
    if not promised:
        return {}
    latest: dict[tuple[int, int, str], Due] = {}
    for step in sorted(latest_steps(day, promised), key=lambda each: each.step_on):
        latest[step.obligation_id, step.person_id, step.kind] = step
    found = {}
    for row_id, item in carried.items():
        if item.obligation_kind == AUDIT and item.step != REASSIGN:
            step_of_now = latest.get((item.obligation_id, item.person_id, item.kind))
            if step_of_now is not None and step_of_now.step in AFTER_THE_DUE_DAY:
                found[row_id] = step_of_now
    return found


def give_back(kept_back: Mapping[int, NotSentToday], on: date) -> None:
    """Take items out of messages that have not gone, in the caller's transaction, and record the decisions
    not to send. `kept_back` are these decisions, by the row's id of the item.

    That counts as never written, so that the latest step goes once nothing keeps it back any more. That it
    was written is recorded for the earlier day.
    """
    if kept_back:
        written = (
            select(MessageItem.id, Message.on)
            .join(Message, Message.id == MessageItem.message_id)
            .where(MessageItem.id.in_(kept_back), Message.on < on)
        )
        decisions = [row_of(decision, on) for decision in kept_back.values()]
        for row_id, written_on in db.session.execute(written):
            decision = kept_back[row_id]
            decisions.append(row_of(decision, written_on) | {"reason": WRITTEN_THEN[decision.reason]})
        db.session.execute(delete(MessageItem).where(MessageItem.id.in_(kept_back)))
        db.session.execute(insert_or_leave(NotSent), decisions)
