"""Taking over what an unsent earlier message still holds: after an outage a person finds one message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from sqlalchemy import select, update

from app import clock
from app.database import db
from app.outbox.claims import overtake, unsent_of, with_unsent
from app.outbox.models import Message, MessageItem
from app.outbox.names import PRACTICE, WEEKLY
from app.reminders.day import Day
from app.reminders.due import Due
from app.reminders.holding import holding
from app.reminders.kept_back import give_back, held_among, promised_among_carried
from app.reminders.settle import PROMISED, NotSentToday

REPLACED = "Replaced by a newer email, number "
"""The start of the answer of an email whose place a later one took; the number of that one follows."""

Receiver = tuple[int, str]
"""The receiver of a message and its kind."""


@dataclass
class TakenOver:
    """The items that move from earlier unsent messages to a new one, and those that are kept back by now."""

    earlier: list[int]
    """The messages that the new one takes the place of."""
    carried: dict[int, Due] = field(default_factory=dict)
    """The items that the new one carries as well, by their row's id."""
    given_back: dict[int, NotSentToday] = field(default_factory=dict)
    """Those that are kept back, as if they had never been written."""

    @property
    def items(self) -> list[Due]:
        """The items that the new message speaks of besides its own."""
        return list(self.carried.values())

    def hand_to(self, message_id: int, on: date) -> None:
        """Let the new message carry them, and close the earlier ones."""
        if not self.earlier:
            return
        give_back(self.given_back, on)
        left = update(MessageItem).where(MessageItem.carrier_id.in_(self.earlier))
        db.session.execute(left.where(MessageItem.id.not_in(self.carried)).values(carrier_id=None))
        if self.carried:
            mine = update(MessageItem).where(MessageItem.id.in_(self.carried))
            db.session.execute(mine.values(carrier_id=message_id))
        earlier = update(Message).where(Message.id.in_(self.earlier))
        db.session.execute(earlier.values(answer=f"{REPLACED}{message_id}"))


def take_over(batch: Mapping[Receiver, Sequence[Due]], day: Day) -> dict[Receiver, TakenOver]:
    """Take back the unsent messages that new ones take the place of, by receiver and kind, and find what of
    them goes into the new ones. In a transaction of the caller."""
    now = clock.now()
    earlier = {key: overtake(*key, now, _about(key[1], batch[key])) for key in _with_unsent(batch)}
    return _taken_over(earlier, batch, day)


def would_take_over(batch: Mapping[Receiver, Sequence[Due]], day: Day) -> dict[Receiver, TakenOver]:
    """Return what new messages would take over, and change nothing."""
    now = clock.now()
    earlier = {key: unsent_of(*key, now, _about(key[1], batch[key])) for key in _with_unsent(batch)}
    return _taken_over(earlier, batch, day)


def with_taken_over(
    batch: Mapping[Receiver, Sequence[Due]], taken: Mapping[Receiver, TakenOver]
) -> dict[Receiver, list[Due]]:
    """Return all that each new message speaks of."""
    return {key: [*due, *(taken[key].items if key in taken else ())] for key, due in batch.items()}


def given_back_of(taken: Mapping[Receiver, TakenOver]) -> list[NotSentToday]:
    """Return the decisions not to send what earlier messages still held."""
    return [decision for one in taken.values() for decision in one.given_back.values()]


def _with_unsent(batch: Mapping[Receiver, Sequence[Due]]) -> list[Receiver]:
    unsent = with_unsent({receiver for receiver, _ in batch}, {kind for _, kind in batch})
    return [key for key in batch if key in unsent]


def _about(kind: str, new: Sequence[Due]) -> tuple[str, int] | None:
    """Return what a practice message is about: the next one of the same quick win says the same again."""
    return (new[0].obligation_kind, new[0].obligation_id) if kind == PRACTICE else None


def _taken_over(
    earlier: Mapping[Receiver, list[int]], batch: Mapping[Receiver, Sequence[Due]], day: Day
) -> dict[Receiver, TakenOver]:
    """Find what goes into the new messages: the items that still hold, each obligation once at its latest
    step, and none that is kept back by now."""
    taken = {key: TakenOver(ids) for key, ids in earlier.items() if ids}
    spoken = [
        number for key, one in taken.items() if key[1] not in (WEEKLY, PRACTICE) for number in one.earlier
    ]
    by_message = items_carried_by(spoken) if spoken else {}
    every = {row_id: item for items in by_message.values() for row_id, item in items.items()}
    held = held_among(every, day.on)
    still = holding({row_id: item for row_id, item in every.items() if row_id not in held}, day)
    promised = promised_among_carried(still, day)
    # an earlier step than the latest keeps its key: it will never be the latest again
    kept_back = held | {
        row_id: NotSentToday(latest, PROMISED)
        for row_id, latest in promised.items()
        if latest.key == still[row_id].key
    }
    for key, one in taken.items():
        rows = [row_id for number in one.earlier for row_id in by_message.get(number, ())]
        one.given_back = {row_id: kept_back[row_id] for row_id in rows if row_id in kept_back}
        mine = {row_id: still[row_id] for row_id in rows if row_id in still and row_id not in promised}
        one.carried = _at_latest_step(mine, batch[key])
    return taken


def _at_latest_step(items: Mapping[int, Due], new: Sequence[Due]) -> dict[int, Due]:
    """Return those items that a new message carries: of each obligation that it does not speak of itself, the
    latest step."""
    newer = {_obligation(item) for item in new}
    latest: dict[tuple[str, int, int], str] = {}
    for _, item in sorted(items.items(), key=lambda each: (each[1].step_on, each[0])):
        latest[_obligation(item)] = item.step
    # the key of another person (a deputy's) can make the same line of the message
    return {
        row_id: item
        for row_id, item in items.items()
        if _obligation(item) not in newer and latest[_obligation(item)] == item.step
    }


def _obligation(item: Due) -> tuple[str, int, int]:
    return item.obligation_kind, item.obligation_id, item.leaver_id


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
