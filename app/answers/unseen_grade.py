"""The grade of a return that a moderator reads after asking for it: a step of its own, noted in the history.

Until then nothing that shows the auditors' grade is open to a moderator who may still decide about the audit.
"""

from datetime import date

from sqlalchemy import select

from app.answers.moderation import refuse_moderator
from app.answers.side_by_side import moderation_facts
from app.audits.facts import facts, found
from app.audits.lifecycle import Move, refuse
from app.audits.models import Audit
from app.audits.moving import locked
from app.database import db, transaction
from app.history.models import HistoryRow
from app.history.record import Event, record
from app.people.closures import working_days
from app.people.models import FormerEmail, Person
from app.people.roles import RoleName
from app.refusal import NotNow
from app.working_days import happened

READ_FIRST, AT_ONCE = "read", "at-once"
"""The moderator asked for the grades after reading answers and reasons, or before."""

ASKED = "grades asked for"
_HOW = {READ_FIRST: "after reading the answers", AT_ONCE: "before reading the answers"}


def ask(reference: str, by: Person, on: date, how: str) -> None:
    """Note that a moderator asks for the grades of a return. Raises NotNow where they cannot moderate it."""
    with transaction():
        audit = locked(reference)
        refused = refuse_moderator(moderation_facts(audit), by.id, on) or refuse(
            Move.MODERATE, facts(audit, on), on, working_days()
        )
        if refused:
            raise NotNow(refused)
        if asked_how(audit, by) is None:
            record(by.email, [Event(audit.kind, audit.reference, ASKED, after=_HOW[how], on=on)])


def asked_how(audit: Audit, person: Person) -> str | None:
    """Return how this person asked for the grades since the audit was returned; None where they did not."""
    former = select(FormerEmail.email).where(FormerEmail.person_id == person.id)
    query = (
        select(HistoryRow.after)
        .where(
            HistoryRow.subject_kind == Audit.kind,
            HistoryRow.subject == audit.reference,
            HistoryRow.what == ASKED,
            (HistoryRow.who == person.email) | HistoryRow.who.in_(former),
            HistoryRow.on >= (audit.returned_on or date.max),
        )
        .order_by(HistoryRow.id)
    )
    first = db.session.scalars(query.limit(1)).one_or_none()
    return next((how for how, words in _HOW.items() if words == first), None)


def has_yet_to_ask(person: Person, reference: str, on: date) -> bool:
    """True for a moderator who may decide about the audit, now or once it is returned, and has not asked.

    A coordinator reads the answers as a coordinator.
    """
    roles = person.role_names
    if RoleName.MODERATOR not in roles or RoleName.COORDINATOR in roles:
        return False
    audit = found(reference)
    if audit is None or happened(facts(audit, on).withdrawn_on, on):
        return False
    return (
        refuse_moderator(moderation_facts(audit), person.id, on) is None and asked_how(audit, person) is None
    )
