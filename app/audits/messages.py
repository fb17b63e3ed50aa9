"""The messages that audits cause at once: assigned, declined, confirm. Those that a coordinator writes are in
chase_message.py, and reminders elsewhere.

Each kind has its recheck: nobody gets a message about something that is done, and a message that is sent on a
later day than it was written says what is true on that day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.audits import lifecycle
from app.audits.agencies import MEETING
from app.audits.begun import begun_by
from app.audits.coming_back import Key, Return
from app.audits.facts import facts, pair_on, with_facts
from app.audits.models import Assignment, Audit
from app.audits.own_part import own_part, themes_in_words
from app.database import db
from app.due_dates import that_counts
from app.news.coming_back import Said
from app.outbox import kinds
from app.outbox.kinds import Changed, Holds, Overtaken, Rendered, Verdict, Waits
from app.outbox.models import Message, MessageItem
from app.outbox.names import ASSIGNED, DIGEST
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.closures import working_days
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.reaching import reach, to_ask
from app.people.roles import RoleName
from app.wording import listed

TO_RETURN, TO_CONFIRM = "return", "confirm"


@dataclass(frozen=True)
class Line:
    """The line of a message about one audit, for one of its auditors, as of a day."""

    reference: str
    also: str
    """The words that follow the reference of the meeting of a case; empty for any other audit."""
    part: str
    own_part: str
    """The sentences that tell them their part and who the other auditor is."""
    partner: PersonFacts | None
    partner_named: str
    """The other auditor with their number, and whether they are away or have left."""
    partner_is_there: bool
    theme: str
    due_on: date
    """The date that counts."""
    is_late: bool
    late: int
    """Working days overdue; 0 when it is not, or not yet by a working day."""
    to_do: str
    """"return", or "confirm" what the partner returned."""
    returned_on: date | None
    filled_in_by: str = ""
    """The others who have begun to fill in the form."""
    is_again: bool = False
    """True where it was theirs before, and they heard that it was not."""


def line(
    audit: Audit,
    person_id: int,
    to_do: str,
    on: date,
    people: Mapping[int, PersonFacts],
    begun: Collection[int] = (),
) -> Line:
    """Return the line about the audit for this auditor on that day. `begun` are the ids of the people who
    have begun to fill in its form."""
    known, pair, days = facts(audit, on), pair_on(audit, on), working_days()
    held, partner = pair.part_of(person_id), pair.partner_of(person_id)
    other = people[partner.id] if partner else None
    other_named = reach(other, on) if other else ""
    others = sorted(people[each].name for each in begun if each in people and each != person_id)
    return Line(
        reference=audit.reference,
        also=_also(audit),
        part=held.part if held else "",
        own_part=own_part(
            held.part,
            pair.parts,
            pair.auditors,
            other_named,
            partner_left=other is not None and other.has_left(on),
            is_open=to_do == TO_RETURN,
        )
        if held
        else "",
        partner=other,
        partner_named=other_named,
        partner_is_there=other is not None and other.is_there(on),
        theme=audit.cycle.theme,
        due_on=that_counts(known.due_on, days),
        is_late=lifecycle.is_overdue(known, on, days),
        late=lifecycle.working_days_late(known, on, days),
        to_do=to_do,
        returned_on=known.returned_on,
        filled_in_by=listed(others) if others else "",
    )


def _also(audit: Audit) -> str:
    return f" ({MEETING})" if audit.is_together else ""


def still_to_do(audit: Audit, on: date) -> list[tuple[Person, str]]:
    """Return the people who have something to do on that day, each with what: TO_RETURN or TO_CONFIRM.

    Both auditors have while it is open, then the second has to confirm it.
    """
    people = everyone()
    known, pair = facts(audit, on), pair_on(audit, on)
    if lifecycle.is_open(known, on, working_days()):
        doing = [(spell, TO_RETURN) for spell in pair.spells]
    elif pair.second is not None and lifecycle.awaits_confirmation(known, on):
        doing = [(pair.second, TO_CONFIRM)]
    else:
        doing = []
    return [
        (spell.person, to_do)
        for spell, to_do in doing
        if spell.person is not None and not people[spell.person.id].has_left(on)
    ]


# assigned


def write_assigned(assigned: Iterable[Assignment], on: date, returns: Mapping[Key, Return]) -> None:
    """Tell each new auditor, in one message each, on a working day on which they are there.

    An auditor who is not told now is told by the next daily run that may, as is one whose audit is requested
    from a later day on. `returns` are what comes back to who had it before: nobody is told who has nothing
    to hear.
    """
    spells: dict[int, list[Assignment]] = defaultdict(list)
    for spell in assigned:
        if spell.person_id is not None and spell.assigned_on == on:
            spells[spell.person_id].append(spell)
    people = everyone()
    announced = _already_announced(spells, on)
    for person_id, theirs in sorted(spells.items()):
        new = {spell.audit_id for spell in theirs} - {audit for audit, who in announced if who == person_id}
        said = {
            audit_id: returns[audit_id, person_id] for audit_id in new if (audit_id, person_id) in returns
        }
        for audit in with_facts(audit_id for audit_id, each in said.items() if each.said is Said.NOTHING):
            new.discard(audit.id)
            _say_nothing(person_id, audit, said[audit.id].unsent, on)
        again = {audit_id for audit_id, each in said.items() if each.said is Said.AGAIN}
        if new and people[person_id].is_there(on) and working_days().is_working_day(on):
            _write_assigned(people[person_id], with_facts(new), again, on)


def _already_announced(person_ids: Iterable[int], on: date) -> set[tuple[int, int]]:
    """Return (audit id, person id) for each assignment of that day with a message: its key is used."""
    query = select(MessageItem.obligation_id, MessageItem.person_id).where(
        MessageItem.obligation_kind == "audit",
        MessageItem.kind == DIGEST,
        MessageItem.step == ASSIGNED,
        MessageItem.anchor_on == on,
        MessageItem.person_id.in_(list(person_ids)),
    )
    return {(audit_id, person_id) for audit_id, person_id in db.session.execute(query)}


def _say_nothing(person_id: int, audit: Audit, unsent: int | None, on: date) -> None:
    """Keep the daily run from telling an auditor that they were assigned to what is theirs as before."""
    if unsent is not None:
        db.session.add(_item(person_id, audit, on, message_id=unsent, carrier_id=None))


def _item(person_id: int, audit: Audit, on: date, *, message_id: int, carrier_id: int | None) -> MessageItem:
    return MessageItem(
        obligation_kind=Audit.kind,
        obligation_id=audit.id,
        person_id=person_id,
        kind=DIGEST,
        step=ASSIGNED,
        anchor_on=on,
        step_on=working_days().offset(on, 0),
        due_on=audit.due_on,
        reference=audit.reference,
        message_id=message_id,
        carrier_id=carrier_id,
    )


def _write_assigned(person: PersonFacts, audits: Sequence[Audit], again: Collection[int], on: date) -> None:
    message = write(
        ASSIGNED,
        recipient=person.id,
        address=person.email,
        rendered=rendered_to_do(ASSIGNED, person, audits, on, again),
        why="Sent at once, because they were assigned to an audit",
        on=on,
        facts={"again": sorted(again)},
    )
    for audit in audits:
        db.session.add(_item(person.id, audit, on, message_id=message.id, carrier_id=message.id))


def rendered_to_do(
    kind: str,
    person: PersonFacts,
    audits: Iterable[Audit],
    on: date,
    again: Collection[int] = (),
    **more: object,
) -> Rendered:
    """Return a message of a kind that asks an auditor for these audits, the first due on top.

    `again` are the ids of those that they had before, and heard that they were not theirs.
    """
    ordered = sorted(audits, key=lambda audit: (audit.due_on, audit.reference))
    people, begun = everyone(), begun_by([audit.id for audit in ordered], on)
    lines = [
        replace(
            line(audit, person.id, TO_RETURN, on, people, begun.get(audit.id, ())),
            is_again=audit.id in again,
        )
        for audit in ordered
    ]
    return render(
        kind,
        lines=lines,
        themes=themes_in_words([each.theme for each in lines], len(lines)),
        to_ask=to_ask(people.values(), person.id, on),
        **more,
    )


def recheck_assigned(message: Message, on: date) -> Verdict:
    """Hold while an audit of it is open, due on the same day and theirs; wait while they are on leave."""
    on = max(on, message.on)
    person = everyone().get(message.recipient or 0)
    if person is None or person.has_left(on):
        return Overtaken("They have left")
    items = db.session.scalars(select(MessageItem).where(MessageItem.carrier_id == message.id)).all()
    audits = {audit.id: audit for audit in with_facts(item.obligation_id for item in items)}
    holding = []
    for item in items:
        audit = audits.get(item.obligation_id)
        if audit is not None and _is_still_assigned(audit, person.id, item.due_on, on):
            holding.append(audit)
        else:
            item.carrier_id = None
    if not holding:
        return Overtaken("They no longer have to do any of these audits")
    if person.leave_on(on):
        return Waits("They are on leave")
    if len(holding) == len(items) and message.rendered_on == on:
        return Holds()
    return Changed(rendered_to_do(ASSIGNED, person, holding, on, message.facts.get("again", ())))


def _is_still_assigned(audit: Audit, person_id: int, due_day: date | None, on: date) -> bool:
    state = facts(audit, on)
    return (
        lifecycle.is_open(state, on, working_days())
        and state.due_on == due_day
        and pair_on(audit, on).part_of(person_id) is not None
    )


# declined


def write_declined(audit: Audit, by: Person, part: str, reason: str, on: date) -> None:
    """Tell every coordinator at once that another auditor is needed, on any day and also on leave."""
    message_facts = {"audit": audit.id, "part": part, "who": by.name, "who_id": by.id, "reason": reason}
    rendered = _rendered_declined(audit, message_facts, on)
    for person in everyone().values():
        if RoleName.COORDINATOR in person.roles and not person.has_left(on):
            write(
                "declined",
                recipient=person.id,
                address=person.email,
                rendered=rendered,
                why="Sent at once to all coordinators, because an auditor cannot do an audit",
                on=on,
                facts=message_facts,
            )


def _rendered_declined(audit: Audit, message_facts: Mapping[str, object], on: date) -> Rendered:
    people, known, days, pair = everyone(), facts(audit, on), working_days(), pair_on(audit, on)
    remaining = [person for person in pair.people if not people[person.id].has_left(on)]
    who = people.get(int(str(message_facts.get("who_id", 0))))
    return render(
        "declined",
        reference=audit.reference,
        also=_also(audit),
        due_on=that_counts(known.due_on, days),
        is_late=lifecycle.is_overdue(known, on, days),
        late=lifecycle.working_days_late(known, on, days),
        needed=pair.called(str(message_facts["part"])),
        for_one=pair.is_for_one,
        who=reach(who, on) if who else message_facts["who"],
        themes=themes_in_words([audit.cycle.theme], 1),
        reason=message_facts["reason"],
        remaining=reach(people[remaining[0].id], on) if remaining else None,
    )


def recheck_declined(message: Message, on: date) -> Verdict:
    """Hold while the audit is open and nobody has the part."""
    on = max(on, message.on)
    person = everyone().get(message.recipient or 0)
    if person is None or person.has_left(on) or RoleName.COORDINATOR not in person.roles:
        return Overtaken("They are no longer a coordinator")
    audit = _audit(message.facts["audit"])
    if audit is None or not lifecycle.is_open(facts(audit, on), on, working_days()):
        return Overtaken("The audit is no longer open")
    if pair_on(audit, on).of(message.facts["part"]) is not None:
        return Overtaken("Someone else has been assigned")
    return verdict(message, on, _rendered_declined(audit, message.facts, on))


# confirm


def write_confirm(audit: Audit, on: date) -> None:
    """Ask the second auditor at once to confirm what the lead returned, or to say where they differ.

    No message is written where there is nothing to confirm, as in a closed cycle.
    """
    for person, to_do in still_to_do(audit, on):
        if to_do == TO_CONFIRM:
            write(
                "confirm",
                recipient=person.id,
                address=person.email,
                rendered=_rendered_confirm(audit, person.id, on),
                why="Sent at once to the second auditor, because the lead auditor returned the audit",
                on=on,
                facts={"audit": audit.id},
            )


def _rendered_confirm(audit: Audit, person_id: int, on: date) -> Rendered:
    people = everyone()
    return render(
        "confirm",
        line=line(audit, person_id, TO_CONFIRM, on, people),
        themes=themes_in_words([audit.cycle.theme], 1),
        to_ask=to_ask(people.values(), person_id, on),
    )


def recheck_confirm(message: Message, on: date) -> Verdict:
    """Hold while it is returned, not confirmed, and they are its second auditor."""
    on = max(on, message.on)
    audit = _audit(message.facts["audit"])
    receivers = {person.id: to_do for person, to_do in still_to_do(audit, on)} if audit else {}
    if audit is None or receivers.get(message.recipient or 0) != TO_CONFIRM:
        return Overtaken("They no longer have to confirm the audit")
    return verdict(message, on, _rendered_confirm(audit, message.recipient or 0, on))


def _audit(audit_id: int) -> Audit | None:
    return next(iter(with_facts([audit_id])), None)


def verdict(message: Message, on: date, rendered: Rendered, changed: bool = False) -> Verdict:
    """Hold on the day on which it was rendered; on a later day, or when a part of it fell away, render it
    anew."""
    return Changed(rendered) if changed or message.rendered_on != on else Holds()


kinds.register("declined", 1, kinds.each(recheck_declined))
kinds.register(ASSIGNED, 3, kinds.each(recheck_assigned))
kinds.register("confirm", 3, kinds.each(recheck_confirm))
