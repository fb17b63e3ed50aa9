"""Taking over what an unsent earlier message still holds: after an outage a person finds one message."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import select, update

from app import clock
from app.database import db
from app.outbox.claims import overtake
from app.outbox.models import Message, MessageItem
from app.outbox.names import PRACTICE, WEEKLY
from app.reminders.day import Day
from app.reminders.due import Due
from app.reminders.holding import holding
from app.reminders.kept_back import give_back


@dataclass
class TakenOver:
    """The items that move from earlier unsent messages to a new one."""

    items: list[Due] = field(default_factory=list)
    row_ids: list[int] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)

    def hand_to(self, message_id: int) -> None:
        """Let the new message carry them, and close the earlier ones."""
        if not self.overtaken:
            return
        carried = update(MessageItem).where(MessageItem.carrier_id.in_(self.overtaken))
        db.session.execute(carried.where(MessageItem.id.not_in(self.row_ids)).values(carrier_id=None))
        if self.row_ids:
            mine = update(MessageItem).where(MessageItem.id.in_(self.row_ids))
            db.session.execute(mine.values(carrier_id=message_id))
        earlier = update(Message).where(Message.id.in_(self.overtaken))
        db.session.execute(earlier.values(answer=f"Replaced by a newer email, number {message_id}"))


def take_over(receiver: int, kind: str, new: Sequence[Due], day: Day) -> TakenOver:
    """Take back the receiver's unsent messages of this kind and find what of them goes into the new one: the
    items that still hold, each obligation once at its latest step."""
    # of practice messages the next one of the same quick win says the same again
    about = (new[0].obligation_kind, new[0].obligation_id) if kind == PRACTICE else None
    taken = TakenOver(overtaken=overtake(receiver, kind, clock.now(), about))
    if not taken.overtaken or kind in (WEEKLY, PRACTICE):
        return taken
    carried = items_carried_by(taken.overtaken)
    every = {row_id: item for items in carried.values() for row_id, item in items.items()}
    given_back = give_back(every, day.on)
    still = holding({row_id: item for row_id, item in every.items() if row_id not in given_back}, day)
    newer = {(item.obligation_kind, item.obligation_id, item.leaver_id) for item in new}
    latest: dict[tuple[str, int, int], int] = {}
    for row_id, item in sorted(still.items(), key=lambda each: (each[1].step_on, each[0])):
        obligation = (item.obligation_kind, item.obligation_id, item.leaver_id)
        if obligation not in newer:
            latest[obligation] = row_id
    taken.row_ids = [
        row_id
        for row_id, item in still.items()
        if row_id in set(latest.values()) or _same_line(item, latest, still)
    ]
    taken.items = [still[row_id] for row_id in taken.row_ids]
    return taken


def _same_line(item: Due, latest: dict[tuple[str, int, int], int], still: dict[int, Due]) -> bool:
    """True for the key of another person (a deputy's) that makes the same line of the message."""
    row_id = latest.get((item.obligation_kind, item.obligation_id, item.leaver_id))
    return row_id is not None and still[row_id].step == item.step


def items_carried_by(message_ids: Iterable[int]) -> dict[int, dict[int, Due]]:
    """Return the items that each message carries now, by their row's id."""
    row = MessageItem
    query = select(
        row.carrier_id,
        row.id,
        row.obligation_kind,
        row.obligation_id,
        row.reference,
        row.person_id,
        row.kind,
        row.step,
        row.anchor_on,
        row.step_on,
        row.due_on,
        row.leaver_id,
    ).where(row.carrier_id.in_(list(message_ids)))
    carried: dict[int, dict[int, Due]] = {}
    for message_id, row_id, *item in db.session.execute(query.order_by(row.id)):
        carried.setdefault(cast(int, message_id), {})[row_id] = Due(*item)
    return carried
