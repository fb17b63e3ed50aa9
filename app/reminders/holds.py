"""Holding a reminder back from one person, for a time or for good, and letting it go again."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from app.audits.open_on import not_yet
from app.database import db, transaction
from app.history.record import REMINDER_HELD, REMINDER_LET_GO, Event, hold_history, record
from app.moves.moving import held as locked
from app.moves.moving import without_case_number, words
from app.outbox.in_words import reminder_name
from app.outbox.models import HELD, QUEUED, SENDING, SENT, Message, MessageItem
from app.outbox.names import CALLS, DIGEST, MANAGER
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.reminders.case_of import case_of
from app.reminders.deciding import day_of, decide
from app.reminders.due import QUICK_WIN, Due, Key
from app.reminders.kept_back import is_held
from app.reminders.models import HeldItem
from app.reminders.takeover import items_carried_by
from app.reminders.things import THINGS
from app.wording import in_words


def can_be_held(item: Due) -> bool:
    """Return True for the reminders of a schedule and for what coordinators are asked; not for news."""
    thing = THINGS.get(item.obligation_kind)
    of_a_schedule = thing is not None and (thing.ladder is not None or thing.name == QUICK_WIN)
    return item.kind in (DIGEST, MANAGER, CALLS) and of_a_schedule


def hold(
    item: Due, by: Person, on: date, until_on: date | None, because: str, scheduled_on: date | None = None
) -> None:
    """Hold a reminder back that is due or waits to be sent; without a last date for good. Raises Refused.

    It is found by `due_or_waiting`, for the date that it is scheduled for. What waits in an email is taken
    out of it before it is sent.
    """
    because = without_case_number(
        words(because, "Enter why it is held"), case_of(item.obligation_kind, item.obligation_id)
    )
    first_on = working_days().offset(max(on, scheduled_on or on, item.step_on), 0)
    if until_on is not None and until_on < on:
        raise Refused("Last date must be today or in the future")
    if until_on is not None and until_on < first_on:
        raise Refused(
            f"Last date must be on or after {in_words(first_on)}, when this reminder is due to be sent"
        )
    with transaction():
        hold_history()  # two coordinators hold it one after the other
        if why := refuse_holding(item.key, on):
            raise NotNow(why)
        kind, number, person_id, message, step, anchor_on = item.key
        db.session.add(
            HeldItem(
                obligation_kind=kind,
                obligation_id=number,
                person_id=person_id,
                kind=message,
                step=step,
                anchor_on=anchor_on,
                reference=item.reference,
                made_on=on,
                by_id=by.id,
                because=because,
                until_on=until_on,
            )
        )
        to = db.session.get_one(Person, person_id).name
        until = f"until {in_words(until_on)}" if until_on else "for good"
        held = f"{reminder_name(step)}, to {to}, {until}"
        record(by.email, [Event(kind, item.reference, REMINDER_HELD, after=held, why=because, on=on)])


def let_go(held_id: int, by: Person, on: date) -> None:
    """Let a reminder go that is held: the next run sends it if it is still due. Raises Refused."""
    with transaction():
        held = db.session.get_one(HeldItem, held_id)
        locked(held)
        if why := refuse_letting_go(held, on):
            raise NotNow(why)
        held.let_go_on = on
        to = db.session.get_one(Person, held.person_id).name
        before = f"{reminder_name(held.step)}, to {to}"
        event = Event(held.obligation_kind, held.reference, REMINDER_LET_GO, before=before, on=on)
        record(by.email, [event])


def refuse_holding(key: Key, on: date) -> str | None:
    """Return why a reminder cannot be held, in a sentence; None when it can."""
    if db.session.scalar(select(HeldItem.id).where(is_held(on), *_of(HeldItem, key)).limit(1)):
        return "This reminder is already held"
    query = (
        select(Message.state, Message.on)
        .select_from(MessageItem)
        .outerjoin(Message, Message.id == MessageItem.carrier_id)
        .where(*_of(MessageItem, key))
    )
    for state, written_for in db.session.execute(query):
        if state == SENT:
            return f"This reminder was sent in an email of {in_words(written_for)}, so you cannot hold it"
        if state not in (QUEUED, SENDING, HELD):
            return "This reminder is in an email that is not sent any more, so you do not need to hold it"
    return None


def refuse_letting_go(held: HeldItem, on: date) -> str | None:
    """Return why a reminder cannot be let go, in a sentence; None while it is held."""
    if held.let_go_on is not None:
        return f"This reminder was let go on {in_words(held.let_go_on)}"
    if held.until_on is not None and held.until_on < on:
        return f"This reminder was held until {in_words(held.until_on)} only"
    return None


def due_or_waiting(key: Key, on: date) -> Due | None:
    """Return the reminder of that key that the run of a day would decide about, or that is in an email and
    waits to be sent; None where there is none."""
    settled = decide(day_of(on))
    due = [item for items in settled.messages.values() for item in items]
    due += [decision.due for decision in settled.not_sent]
    for item in due:
        if item.key == key:
            return item
    query = (
        select(Message.id)
        .join(MessageItem, MessageItem.carrier_id == Message.id)
        .where(Message.state.in_((QUEUED, SENDING, HELD)), *_of(MessageItem, key))
    )
    carried = items_carried_by(db.session.scalars(query).all())
    return next((item for items in carried.values() for item in items.values() if item.key == key), None)


def held_of(kind: str, obligation_id: int, on: date) -> list[HeldItem]:
    """Return what is held of a thing on a day or may be held again, the latest first."""
    query = (
        select(HeldItem)
        .options(joinedload(HeldItem.person), joinedload(HeldItem.by))
        .where(
            HeldItem.obligation_kind == kind,
            HeldItem.obligation_id == obligation_id,
            or_(HeldItem.until_on.is_(None), HeldItem.until_on >= on),
            not_yet(HeldItem.let_go_on, on),
        )
        .order_by(HeldItem.id.desc())
    )
    return list(db.session.scalars(query))


def held_on(on: date, keys: Iterable[Key]) -> dict[Key, HeldItem]:
    """Return what is held on a day of these reminders, by key."""
    wanted = set(keys)
    if not wanted:
        return {}
    query = select(HeldItem).options(joinedload(HeldItem.by)).where(is_held(on))
    return {held.key: held for held in db.session.scalars(query) if held.key in wanted}


def _of(model: type[HeldItem] | type[MessageItem], key: Key) -> tuple[ColumnElement[bool], ...]:
    kind, number, person_id, message, step, anchor_on = key
    return (
        model.obligation_kind == kind,
        model.obligation_id == number,
        model.person_id == person_id,
        model.kind == message,
        model.step == step,
        model.anchor_on == anchor_on,
    )
