"""The message `to-do-again`: an auditor who was told that they have nothing to do for an audit has it to do.

Its exemption was taken back, or it was given back to them on the day on which it went to someone else.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import select

from app.audits.facts import with_facts
from app.audits.handed_over import KIND as HANDED_OVER
from app.audits.messages import TO_RETURN, rendered_to_do, still_to_do
from app.audits.models import DECLINED, Assignment, Audit
from app.database import db
from app.outbox import kinds
from app.outbox.kinds import Changed, Holds, Overtaken, Verdict, Waits
from app.outbox.models import HELD, QUEUED, SENDING, SENT, Message, MessageItem
from app.outbox.names import ASSIGNED, DIGEST
from app.outbox.writing import write
from app.people.models import Person
from app.people.queries import everyone

KIND = "to-do-again"

LIFTED, GIVEN_BACK = "lifted", "given back"
"""The reasons why an auditor has it to do again."""

_WHY = {
    LIFTED: "Sent at once, because an exemption that they were told of was taken back",
    GIVEN_BACK: "Sent at once, because an audit was given back to them",
}


def _told_it_is_over(audits: Mapping[int, Collection[int]], since: date) -> set[tuple[int, int]]:
    """Return (audit id, person id) for those who were told since a day that they have nothing to do for it.

    `audits` are the audits' ids by the person's. What is on its way counts as told.
    """
    query = select(Message.recipient, Message.facts).where(
        Message.kind == HANDED_OVER,
        Message.state.in_((SENT, SENDING)),
        Message.recipient.in_(audits),
        Message.on >= since,
    )
    return {
        (audit_id, person_id)
        for person_id, message_facts in db.session.execute(query)
        for audit_id in message_facts["audits"]
        if audit_id in audits[person_id]
    }


def write_lifted(audit: Audit, exempt_since: date, by: Person, on: date) -> set[int]:
    """Tell the auditors of an audit that is no longer exempt, who were told that it was, and return their
    ids."""
    auditors = {person.id: [audit.id] for person, to_do in still_to_do(audit, on) if to_do == TO_RETURN}
    told = {person_id for _, person_id in _told_it_is_over(auditors, exempt_since)}
    _write(((audit, person_id) for person_id in told), LIFTED, by, on)
    return told


def write_given_back(spells: Iterable[Assignment], by: Person, on: date) -> None:
    """Tell those who had the audit earlier on this day already, and then not: their message `assigned` of the
    day has gone and is written once.

    Told are those who heard that it is over, said that they cannot do it, or were never reached.
    """
    given = {(spell.audit_id, spell.person_id): spell for spell in spells if spell.person_id is not None}
    audits: dict[int, list[int]] = {}
    for audit_id, person_id in given:
        audits.setdefault(person_id, []).append(audit_id)
    query = (
        select(MessageItem.obligation_id, MessageItem.person_id, Message.state)
        .outerjoin(Message, Message.id == MessageItem.carrier_id)
        .where(
            MessageItem.obligation_kind == "audit",
            MessageItem.kind == DIGEST,
            MessageItem.step == ASSIGNED,
            MessageItem.anchor_on == on,
            MessageItem.person_id.in_(audits),
        )
    )
    states = {(audit_id, person_id): state for audit_id, person_id, state in db.session.execute(query)}
    told = _told_it_is_over(audits, on)
    again = [
        (spell.audit, person_id)
        for (audit_id, person_id), spell in given.items()
        if (audit_id, person_id) in states
        and states[audit_id, person_id] not in (QUEUED, HELD, SENDING)
        and (
            states[audit_id, person_id] != SENT
            or (audit_id, person_id) in told
            or _declined(spell.audit, person_id, on)
        )
    ]
    _write(again, GIVEN_BACK, by, on)


def _declined(audit: Audit, person_id: int, on: date) -> bool:
    """True where this person said on the day that they cannot do it."""
    return any(
        spell.person_id == person_id and spell.ended_on == on and spell.ended_because == DECLINED
        for spell in audit.assignments
    )


def _write(again: Iterable[tuple[Audit, int]], because: str, by: Person, on: date) -> None:
    """Tell each of these auditors, in one message each, that they have these audits to do.

    `again` are the audits, each with the id of one of its auditors. Nobody is told who made the move or has
    left. While they are on leave it waits.
    """
    audits: dict[int, list[Audit]] = {}
    for audit, person_id in again:
        if person_id != by.id:
            audits.setdefault(person_id, []).append(audit)
    people = everyone()
    for person_id, theirs in sorted(audits.items()):
        person = people[person_id]
        if person.has_left(on):
            continue
        write(
            KIND,
            recipient=person_id,
            address=person.email,
            rendered=rendered_to_do(KIND, person, theirs, on, because=because),
            why=_WHY[because],
            on=on,
            facts={"audits": sorted(audit.id for audit in theirs), "because": because},
        )


def recheck(message: Message, on: date) -> Verdict:
    """Hold for each audit that is theirs to return; wait while they are on leave."""
    on = max(on, message.on)
    person = everyone().get(message.recipient or 0)
    if person is None or person.has_left(on):
        return Overtaken("They have left")
    audits = [
        audit
        for audit in with_facts(message.facts["audits"])
        if (person.id, TO_RETURN) in [(each.id, to_do) for each, to_do in still_to_do(audit, on)]
    ]
    if not audits:
        return Overtaken("They no longer have to do any of these audits")
    if person.leave_on(on):
        return Waits("They are on leave")
    rendered = rendered_to_do(KIND, person, audits, on, because=message.facts["because"])
    return Holds() if rendered.text == message.text else Changed(rendered)


kinds.register(KIND, 3, kinds.each(recheck))
