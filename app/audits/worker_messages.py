"""The message that tells workers that a case of theirs is audited: a move writes it, or the daily run.

It says the theme and by when, and leads to the page that says which case it is. A worker is told once of each
audit.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, exists, select

from app.audits.cycle import Cycle
from app.audits.facts import facts
from app.audits.lifecycle import is_open
from app.audits.models import Audit
from app.audits.open_on import open_audits
from app.audits.workers import TELLING, Workers
from app.clock import clock
from app.database import db
from app.due_dates import that_counts
from app.outbox import kinds
from app.outbox.kinds import Changed, Holds, Overtaken, Rendered, Verdict, Waits
from app.outbox.models import SENT, Message, MessageItem
from app.outbox.names import AUDITED
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.closures import working_days
from app.people.queries import everyone
from app.wording import in_words

IDS_AT_ONCE = 5000


class Told(NamedTuple):
    """An open audit whose cycle tells workers, with the worker of its case."""

    id: int
    reference: str
    requested_on: date
    due_on: date
    worker_id: int
    theme: str
    workers: str
    case_folded: str | None


def telling(audits: Subquery) -> Select[Any]:
    """Select, of the open audits of a day, those whose worker is told of them: the columns of `Told`."""
    # written as a comparison, an index serves it: in most audits no worker is named
    names_a_worker = Audit.worker_id > 0
    return (
        select(
            audits.c.id,
            audits.c.reference,
            Audit.requested_on,
            audits.c.due_on,
            Audit.worker_id,
            Cycle.theme,
            Cycle.workers,
            Audit.case_folded,
        )
        .join_from(audits, Audit, Audit.id == audits.c.id)
        .join(Cycle, Cycle.id == audits.c.cycle_id)
        .where(names_a_worker, Cycle.workers.in_(TELLING))
    )


def not_told_yet() -> ColumnElement[bool]:
    """Return the condition that the worker of an audit was not told of it, whatever date was told."""
    return ~exists().where(
        MessageItem.obligation_kind == "audit",
        MessageItem.obligation_id == Audit.id,
        MessageItem.person_id == Audit.worker_id,
        MessageItem.kind == AUDITED,
    )


def to_tell(audits: Subquery) -> list[Told]:
    """Return those of the open audits of a day whose worker is still to be told."""
    if not db.session.scalar(select(exists().where(Cycle.workers.in_(TELLING)))):
        return []
    return [Told(*row) for row in db.session.execute(telling(audits).where(not_told_yet()))]


def told_of(ids: Collection[int], audits: Subquery, *which: ColumnElement[bool]) -> dict[int, Told]:
    """Return, by id, those of these audits that are open on a day and whose worker is told of them."""
    wanted, found = sorted(ids), {}
    for first in range(0, len(wanted), IDS_AT_ONCE):
        some = telling(audits).where(audits.c.id.in_(wanted[first : first + IDS_AT_ONCE]), *which)
        found.update({row.id: Told(*row) for row in db.session.execute(some)})
    return found


def write_audited(audits: Iterable[Audit], on: date) -> None:
    """Tell the worker of each audit, in one message per person, on a working day on which they are there.

    A worker who is not told now is told by the next daily run that may, as is one whose audit is requested
    from a later day on. Where a cycle tells workers nothing, nothing is written.
    """
    ids = {audit.id for audit in audits if audit.worker_id is not None}
    if not ids or not working_days().is_working_day(on):
        return
    theirs: dict[int, list[Told]] = defaultdict(list)
    for told in told_of(ids, open_audits(on), not_told_yet()).values():
        theirs[told.worker_id].append(told)
    people = everyone()
    for person_id, some in sorted(theirs.items()):
        if people[person_id].is_there(on):
            _write(person_id, people[person_id].email, some, on)


def _write(person_id: int, address: str, audits: Sequence[Told], on: date) -> None:
    message = write(
        AUDITED,
        recipient=person_id,
        address=address,
        rendered=rendered_audited(audits, on),
        why="Sent at once, because a case of theirs is being audited",
        on=on,
    )
    for audit in audits:
        db.session.add(
            MessageItem(
                obligation_kind="audit",
                obligation_id=audit.id,
                person_id=person_id,
                kind=AUDITED,
                step=AUDITED,
                anchor_on=audit.requested_on,
                step_on=working_days().offset(audit.requested_on, 0),
                due_on=audit.due_on,
                reference=audit.reference,
                message_id=message.id,
                carrier_id=message.id,
            )
        )


def rendered_audited(audits: Iterable[Told], on: date) -> Rendered:
    """Render the message about one or several audits of a worker's cases, its words true on the day."""
    days = working_days()
    ordered = sorted(audits, key=lambda audit: (audit.due_on, audit.reference))
    lines = [
        {
            "reference": audit.reference,
            "theme": audit.theme,
            "due_on": that_counts(audit.due_on, days),
            "is_late": days.is_late(audit.due_on, on),
        }
        for audit in ordered
    ]
    return render(
        AUDITED,
        lines=lines,
        # several audits can be about one case
        cases=len({audit.case_folded or audit.id for audit in ordered}),
        may_reply=any(Workers(audit.workers).may_reply for audit in ordered),
    )


def told_in_words(audit: Audit, on: date) -> str:
    """Return what an audit's page says of telling its worker, from what was sent: "told of this audit on 5
    November 2010", "will be told of this audit" or "not told of this audit"."""
    query = (
        select(Message.ended_at)
        .join(MessageItem, MessageItem.carrier_id == Message.id)
        .where(
            MessageItem.obligation_kind == "audit",
            MessageItem.obligation_id == audit.id,
            MessageItem.person_id == audit.worker_id,
            MessageItem.kind == AUDITED,
            Message.state == SENT,
        )
        .order_by(Message.id)
    )
    sent = db.session.scalars(query.limit(1)).first()
    if sent is not None:
        return f"told of this audit on {in_words(sent.astimezone(clock().zone).date())}"
    goes_on = is_open(facts(audit, on), on, working_days())
    is_here = audit.worker is not None and not audit.worker.has_left(on)
    will_be = Workers(audit.cycle.workers).are_told and goes_on and is_here
    return "will be told of this audit" if will_be else "not told of this audit"


def recheck_audited(messages: Sequence[Message], on: date) -> Mapping[int, Verdict]:
    """Hold while an audit of it is open, its cycle tells workers and it is about their case; wait while they
    are on leave. It is rendered anew where a due date has changed."""
    verdicts: dict[int, Verdict] = {}
    by_day: dict[date, list[Message]] = defaultdict(list)
    for message in messages:
        by_day[max(on, message.on)].append(message)
    for day, some in by_day.items():
        verdicts |= _recheck(some, day)
    return verdicts


def _recheck(messages: Sequence[Message], on: date) -> dict[int, Verdict]:
    query = select(MessageItem).where(MessageItem.carrier_id.in_([message.id for message in messages]))
    carried: dict[int | None, list[MessageItem]] = defaultdict(list)
    for item in db.session.scalars(query.order_by(MessageItem.id)):
        carried[item.carrier_id].append(item)
    ids = {item.obligation_id for items in carried.values() for item in items}
    still = told_of(ids, open_audits(on))
    return {message.id: _verdict(message, carried[message.id], still, on) for message in messages}


def _verdict(message: Message, items: Sequence[MessageItem], still: Mapping[int, Told], on: date) -> Verdict:
    person = everyone().get(message.recipient or 0)
    if person is None or person.has_left(on):
        return Overtaken("They have left")
    holding = []
    is_changed = message.rendered_on != on
    for item in items:
        audit = still.get(item.obligation_id)
        if audit is None or audit.worker_id != item.person_id:
            item.carrier_id, is_changed = None, True
            continue
        holding.append(audit)
        if item.due_on != audit.due_on:
            item.due_on, is_changed = audit.due_on, True
    if not holding:
        return Overtaken("No case of theirs is being audited any more, or they are not told of it")
    if person.leave_on(on):
        return Waits("They are on leave")
    return Changed(rendered_audited(holding, on)) if is_changed else Holds()


kinds.register(AUDITED, 3, recheck_audited)
