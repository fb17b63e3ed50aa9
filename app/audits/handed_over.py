"""The message `handed-over`: an audit went to someone else, was withdrawn or exempted, and its auditor has
nothing more to do for it. It goes to those alone who were ever sent something about the audit; for the
others who may have seen that it was theirs it is news on their first page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.audits.facts import facts, pair_on, with_facts
from app.audits.lifecycle import is_exempt
from app.audits.models import Audit
from app.database import db
from app.news import telling as news
from app.news.happenings import Happening
from app.news.models import News
from app.nothing_more import EXEMPT, REPLACED, WITHDRAWN, correct_where_it_went, ever_sent, may_have_seen
from app.outbox import kinds
from app.outbox.kinds import Changed, Holds, Overtaken, Rendered, Verdict, Waits
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.reaching import to_ask_about_this
from app.working_days import happened

KIND = "handed-over"

_WHY = {
    REPLACED: "Sent at once, because their audit went to someone else",
    WITHDRAWN: "Sent at once, because their audit was withdrawn",
    EXEMPT: "Sent at once, because their audit became exempt",
}


def write_handed_over(
    ended: Sequence[tuple[Audit, int]], because: str, by: Person, on: date, *, to: int | None = None
) -> None:
    """Tell each of these auditors, in one message each, that they have nothing more to do for these audits.

    `ended` are the audits, each with the id of a person who had it, `to` is the person who has it now. While
    they are on leave it waits. Who was never sent anything about an audit finds it on their first page alone.
    Nobody is told who has left, or who made the move.
    """
    audits: dict[int, dict[int, Audit]] = defaultdict(dict)
    for audit, person_id in ended:
        if person_id != by.id:
            audits[person_id][audit.id] = audit
    people = everyone()
    told = ever_sent(Audit.kind, audits)
    now_with = people[to].name if to in people else ""
    if because != EXEMPT:
        for audit, person_id in ended:
            correct_where_it_went(audit, people[person_id].name, because, now_with)
    for person_id, theirs in sorted(audits.items()):
        if people[person_id].has_left(on):
            continue
        known = [audit for audit in theirs.values() if (audit.id, person_id) in told]
        for audit in (audit for audit in theirs.values() if audit not in known):
            _tell_on_first_page(audit, people[person_id], because, now_with, on)
        if not known:
            continue
        message_facts = {
            "audits": [audit.id for audit in known],
            "because": because,
            "to": to,
            "from": by.id,
        }
        write(
            KIND,
            recipient=person_id,
            address=people[person_id].email,
            rendered=_rendered(person_id, known, message_facts, on),
            why=_WHY[because],
            on=on,
            facts=message_facts,
        )


def _tell_on_first_page(audit: Audit, person: PersonFacts, because: str, now_with: str, on: date) -> None:
    if because == EXEMPT and _did_not_hear_it_was_not(audit, person.id):
        return
    if may_have_seen(audit, person.id, person.name):
        news.tell(
            [person.id], Happening.NO_LONGER_THEIRS, news.about(audit), on, because=because, to=now_with
        )


def _did_not_hear_it_was_not(audit: Audit, person_id: int) -> bool:
    """Return True for who was not told yet that an audit is not exempt any more: to them it is as before."""
    return bool(news.take_back([Happening.NO_LONGER_EXEMPT], Audit.kind, audit.id, of=person_id))


def take_exemption_back(audit: Audit, since: date) -> set[int]:
    """Remove the news that an audit is exempt from the first pages of those who have not seen it, and return
    the ids of those who have."""
    is_exempt_news = select(News).where(
        News.what == Happening.NO_LONGER_THEIRS.value,
        News.about_kind == Audit.kind,
        News.about_id == audit.id,
        News.made_on >= since,
    )
    told = [each for each in db.session.scalars(is_exempt_news) if each.facts["because"] == EXEMPT]
    for each in told:
        if each.read_on is None:
            db.session.delete(each)
    return {each.person_id for each in told if each.read_on is not None}


def _rendered(
    person_id: int, audits: Sequence[Audit], message_facts: Mapping[str, Any], on: date
) -> Rendered:
    people, to = everyone(), message_facts["to"]
    has_them = to in people and all(pair_on(audit, on).part_of(to) for audit in audits)
    by = people.get(message_facts["from"])
    return render(
        KIND,
        references=sorted(audit.reference for audit in audits),
        because=message_facts["because"],
        now_with=people[to].name if has_them else None,
        to_ask=to_ask_about_this(people, by, person_id, on),
    )


def recheck(message: Message, on: date) -> Verdict:
    """Hold for each audit that is still not theirs to do; wait while they are on leave."""
    on = max(on, message.on)
    person = everyone().get(message.recipient or 0)
    if person is None or person.has_left(on):
        return Overtaken("They have left")
    audits = with_facts(message.facts["audits"])
    over = [audit for audit in audits if not _is_theirs(audit, person.id, on)]
    if not over:
        return Overtaken("They have to do these audits again")
    if person.leave_on(on):
        return Waits("They are on leave")
    rendered = _rendered(person.id, over, message.facts, on)
    return Holds() if rendered.text == message.text else Changed(rendered)


def _is_theirs(audit: Audit, person_id: int, on: date) -> bool:
    """True for one of its auditors, unless nobody has to do it."""
    known = facts(audit, on)
    no_one_has_to = happened(known.withdrawn_on, on) or is_exempt(known, on)
    return not no_one_has_to and pair_on(audit, on).part_of(person_id) is not None


kinds.register(KIND, 4, kinds.each(recheck))
