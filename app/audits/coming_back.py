"""The audits that come back to an auditor who had them before, and what is still to be said of each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.audits.facts import pair_on
from app.audits.handed_over import KIND as HANDED_OVER
from app.audits.models import DECLINED, Assignment, Audit
from app.database import db
from app.news import telling
from app.news.coming_back import Said, said_of_what_comes_back
from app.news.happenings import Happening
from app.news.models import News
from app.nothing_more import REPLACED, ever_sent
from app.outbox.models import HELD, QUEUED, Message, MessageItem
from app.outbox.names import DIGEST
from app.working_days import happened

Key = tuple[int, int]
"""The ids of an audit and of its auditor."""


@dataclass(frozen=True)
class Return:
    """An audit that an auditor has once more."""

    said: Said
    since: date
    """The day on which it went from them."""
    unsent: int | None
    """The id of the email that waits to tell them of the audit, or that it is not theirs; None where none
    does."""


def coming_back(spells: Iterable[Assignment], on: date) -> Mapping[Key, Return]:
    """Return those of these new spells whose auditor had the audit before, with what is said to them.

    The news that it was not theirs, which they have not read, is taken back.
    """
    before: dict[Key, tuple[Assignment, Assignment]] = {}
    for spell in spells:
        for each in spell.audit.assignments:
            if each.person_id is None or each is spell or not happened(each.ended_on, on):
                continue
            if each.person_id == spell.person_id:
                before[spell.audit_id, each.person_id] = (each, spell)
    if not before:
        return {}
    audits: dict[int, list[int]] = defaultdict(list)
    for audit_id, person_id in before:
        audits[person_id].append(audit_id)
    heard, asking, ending = ever_sent(Audit.kind, audits), _asking(audits), _ending(audits)
    knew = yours_again(before)
    found = {}
    for key, (earlier, now) in before.items():
        not_read = telling.take_back([Happening.NO_LONGER_THEIRS], Audit.kind, key[0], of=key[1])
        said = said_of_what_comes_back(
            heard_of_it=key in heard,
            heard_it_was_over=key in knew and key not in ending and not not_read,
            email_waits=key in asking,
            is_as_before=_is_as_before(earlier, now, on),
        )
        found[key] = Return(said, earlier.ended_on or on, asking.get(key) or ending.get(key))
    return found


def yours_again(keys: Iterable[Key]) -> set[Key]:
    """Return those of these audits and auditors who had it before and knew it: they were sent something about
    it, said that they cannot do it, or read that it was not theirs."""
    asked = set(keys)
    audits = {audit_id for audit_id, _ in asked}
    earlier = select(Assignment.audit_id, Assignment.person_id, Assignment.ended_because).where(
        Assignment.audit_id.in_(audits), Assignment.ended_on.is_not(None), Assignment.person_id.is_not(None)
    )
    had = [row for row in db.session.execute(earlier) if (row.audit_id, row.person_id) in asked]
    if not had:
        return set()
    theirs: dict[int, list[int]] = defaultdict(list)
    for row in had:
        theirs[row.person_id].append(row.audit_id)
    read = select(News.about_id, News.person_id).where(
        News.what == Happening.NO_LONGER_THEIRS.value,
        News.about_kind == Audit.kind,
        News.about_id.in_(audits),
        News.read_on.is_not(None),
    )
    knew = {(audit_id, person_id) for audit_id, person_id in db.session.execute(read)}
    knew |= {(row.audit_id, row.person_id) for row in had if row.ended_because == DECLINED}
    knew |= ever_sent(Audit.kind, theirs)
    return knew & {(row.audit_id, row.person_id) for row in had}


def _asking(audits: Mapping[int, Iterable[int]]) -> dict[Key, int]:
    """Return the unsent emails that remind of these audits, each by its id."""
    ids = {audit_id for some in audits.values() for audit_id in some}
    query = (
        select(MessageItem.obligation_id, MessageItem.person_id, Message.id)
        .join(Message, Message.id == MessageItem.carrier_id)
        .where(
            MessageItem.obligation_kind == Audit.kind,
            MessageItem.obligation_id.in_(ids),
            MessageItem.person_id.in_(audits),
            MessageItem.kind == DIGEST,
            Message.state.in_((QUEUED, HELD)),
        )
    )
    return {(audit_id, person_id): number for audit_id, person_id, number in db.session.execute(query)}


def _ending(audits: Mapping[int, Iterable[int]]) -> dict[Key, int]:
    """Return the unsent emails that say that somebody else has these audits, each by its id."""
    query = select(Message.recipient, Message.id, Message.facts).where(
        Message.kind == HANDED_OVER, Message.recipient.in_(audits), Message.state.in_((QUEUED, HELD))
    )
    return {
        (audit_id, person_id): number
        for person_id, number, facts in db.session.execute(query)
        if person_id is not None and facts["because"] == REPLACED
        for audit_id in facts["audits"]
    }


def _is_as_before(earlier: Assignment, now: Assignment, on: date) -> bool:
    """Return True where they have the same part, with the same other auditor, and are to return it by the
    same date."""
    since, audit = earlier.ended_on, now.audit
    if since is None or earlier.part != now.part:
        return False
    is_moved = any(each.made_on is not None and each.made_on >= since for each in audit.extensions)
    has_another = any(
        spell.assigned_on >= since and spell.id > earlier.id
        for spell in pair_on(audit, on).spells
        if spell.person_id != now.person_id
    )
    return not is_moved and not has_another
