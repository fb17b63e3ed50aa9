"""The message `chase`: what a coordinator writes to auditors who still have something to do for audits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.audits.facts import due_on, with_facts
from app.audits.messages import line, still_to_do, verdict
from app.audits.models import Audit
from app.audits.own_part import themes_in_words
from app.outbox import kinds
from app.outbox.kinds import Overtaken, Rendered, Verdict
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.reaching import to_ask_about_this


def write_chases(
    audits: Iterable[Audit], by: Person, on: date, sentence: str, *, sent_back: bool = False
) -> None:
    """Write to each auditor who still has something to do: one message per person, also on leave.

    Of an audit that was sent back the sentence says what is missing.
    """
    chased: dict[int, list[tuple[Audit, str]]] = defaultdict(list)
    for audit in audits:
        for person, to_do in still_to_do(audit, on):
            chased[person.id].append((audit, to_do))
    people = everyone()
    for person_id, chased_audits in sorted(chased.items()):
        message_facts: dict[str, object] = {
            "audits": [[audit.id, audit.due_on.isoformat(), to_do] for audit, to_do in chased_audits],
            "sentence": sentence,
            "from": by.name,
            "from_id": by.id,
        }
        if sent_back:
            message_facts["sent_back"] = True
        write(
            "chase",
            recipient=person_id,
            address=people[person_id].email,
            rendered=_rendered_chase(people[person_id], chased_audits, message_facts, on),
            why=f"{by.name} sent the audit back" if sent_back else f"{by.name} sent them a message",
            on=on,
            facts=message_facts,
        )


def _rendered_chase(
    person: PersonFacts,
    chased_audits: Sequence[tuple[Audit, str]],
    message_facts: Mapping[str, object],
    on: date,
) -> Rendered:
    people = everyone()
    lines = [line(audit, person.id, to_do, on, people) for audit, to_do in chased_audits]
    by = people.get(int(str(message_facts.get("from_id", 0))))
    return render(
        "chase",
        lines=sorted(lines, key=lambda line: (line.due_on, line.reference)),
        sentence=message_facts["sentence"],
        chaser=message_facts["from"],
        sent_back="sent_back" in message_facts,
        themes=themes_in_words([each.theme for each in lines], len(lines)),
        to_ask=to_ask_about_this(people, by, person.id, on),
    )


def recheck_chase(message: Message, on: date) -> Verdict:
    """Hold for each audit that they still have to return or confirm, by the same due day."""
    on = max(on, message.on)
    person = everyone().get(message.recipient or 0)
    if person is None or person.has_left(on):
        return Overtaken("They have left")
    chased = {audit_id: (date.fromisoformat(due), to_do) for audit_id, due, to_do in message.facts["audits"]}
    holding = [
        (audit, chased[audit.id][1])
        for audit in with_facts(chased)
        if _still_chased(audit, person.id, *chased[audit.id], on)
    ]
    if not holding:
        return Overtaken("They have completed these audits or no longer have to")
    return verdict(
        message,
        on,
        _rendered_chase(person, holding, message.facts, on),
        changed=len(holding) < len(chased),
    )


def _still_chased(audit: Audit, person_id: int, due_day: date, to_do: str, on: date) -> bool:
    doing = {person.id: doing_what for person, doing_what in still_to_do(audit, on)}
    return doing.get(person_id) == to_do and due_on(audit, on) == due_day


kinds.register("chase", 2, kinds.each(recheck_chase))
