"""The moves of a remedy: noted by the pair, put right by its owner, given more time, handed on, withdrawn.

Remedies are no actions of the service and never counted among them. Like every move, each raises Refused with
one sentence and then has changed nothing.
"""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import func, select

from app.audits.models import Audit
from app.audits.moving import locked
from app.concerns.models import Remedy
from app.concerns.receivers import managers_of
from app.concerns.remedy_life import RemedyFacts, refuse_change, refuse_later_day
from app.database import db, transaction
from app.given import Given, register, write_given
from app.moves.moving import moving, tell, without_case_number, words
from app.news import telling as news
from app.news.happenings import Happening
from app.nothing_more import REPLACED, WITHDRAWN, tell_nothing_more
from app.people.closures import due_in_words, working_days
from app.people.models import Person
from app.people.queries import everyone
from app.refusal import Refused


def facts(remedy: Remedy) -> RemedyFacts:
    """Return the facts that its state follows from."""
    return RemedyFacts(remedy.raised_on, remedy.due_on, remedy.done_on, remedy.withdrawn_on)


def note(reference: str, text: str, due_on: date, owner_id: int | None, by: Person, on: date) -> str:
    """Note what must be put right on the file of an audit, for a manager of the case's team.

    Its owner is told at once; without one a coordinator names somebody. Returns the remedy's reference.
    """
    with transaction():
        audit = locked(reference)
        correction = without_case_number(words(text, "Enter what must be put right"), audit.case_reference)
        if due_on < on:
            raise Refused("Due date must be today or in the future")
        managers = {person.id for person in managers_of(audit.team_id, everyone().values(), on)}
        if owner_id is not None and owner_id not in managers:
            raise Refused(f"Select a manager of {audit.team.name}")
        number = select(func.count()).select_from(Remedy).where(Remedy.audit_id == audit.id)
        remedy = Remedy(
            reference=f"{audit.reference}-F{(db.session.scalar(number) or 0) + 1}",
            audit_id=audit.id,
            text=correction,
            owner_id=owner_id,
            raised_by_id=by.id,
            raised_on=on,
            due_on=due_on,
            first_due_on=due_on,
        )
        db.session.add(remedy)
        db.session.flush()
        tell(audit, by, on, "remedy added", after=remedy.reference)
        tell(remedy, by, on, "added", after=f"due {due_in_words(due_on)}")
        write_given([(Remedy.kind, remedy.id)], by, on)
        return remedy.reference


def finish(reference: str, how: str, by: Person, on: date, version: int | None = None) -> None:
    """Record as its owner that it is put right, and how."""
    with _changing(reference, on, version) as remedy:
        if remedy.owner_id != by.id:
            raise Refused("Only the owner of this remedy can mark it as done")
        remedy.done_how = _checked_words(how, "Enter how it was put right", remedy.audit)
        remedy.done_on = on
        tell(remedy, by, on, "put right")


def give_more_time(
    reference: str, due_on: date, because: str, by: Person, on: date, version: int | None = None
) -> None:
    """Set a later due day, with the reason; the first due day is kept, and the owner gets news."""
    with _changing(reference, on, version) as remedy:
        if refusal := refuse_later_day(remedy.due_on, due_on, on, working_days()):
            raise Refused(refusal)
        why = _checked_words(because, "Enter why more time is needed", remedy.audit)
        before, remedy.due_on = remedy.due_on, due_on
        was_due, is_due = due_in_words(before), due_in_words(due_on)
        tell(remedy, by, on, "due date changed", before=was_due, after=is_due, why=why)
        what, about = Happening.OTHER_DUE_DATE, news.about(remedy)
        dates = {"due_on": due_on.isoformat(), "before": before.isoformat()}
        news.tell([remedy.owner_id], what, about, on, by=by.id, **dates)


def withdraw(reference: str, because: str, by: Person, on: date, version: int | None = None) -> None:
    """End a remedy that need not be put right any more; its owner is told."""
    with _changing(reference, on, version) as remedy:
        remedy.withdrawn_because = _checked_words(because, "Enter a reason", remedy.audit)
        remedy.withdrawn_on = on
        tell(remedy, by, on, "withdrawn", why=remedy.withdrawn_because)
        tell_nothing_more(remedy, remedy.owner_id, WITHDRAWN, by, on)


def hand_on(reference: str, owner_id: int, by: Person, on: date, version: int | None = None) -> None:
    """Give a remedy another owner, or its first one; they are told at once, and its former owner that there
    is nothing more to do."""
    with _changing(reference, on, version) as remedy:
        people = everyone()
        owner = people.get(owner_id)
        if owner is None or owner.has_left(on):
            raise Refused("Select someone who works here")
        if owner_id == remedy.owner_id:
            raise Refused(f"{owner.name} already owns this remedy")
        before = people[remedy.owner_id].name if remedy.owner_id else "no one"
        tell_nothing_more(remedy, remedy.owner_id, REPLACED, by, on, to=db.session.get(Person, owner_id))
        remedy.owner_id = owner_id
        tell(remedy, by, on, "owner changed", before=before, after=owner.name)
        db.session.flush()
        write_given([(Remedy.kind, remedy.id)], by, on)


def _changing(reference: str, on: date, version: int | None) -> AbstractContextManager[Remedy]:
    """Make one change of an open remedy: yields the locked remedy."""
    return moving(Remedy, reference, lambda remedy: refuse_change(facts(remedy), on, working_days()), version)


def _checked_words(text: str, wanted: str, audit: Audit) -> str:
    return without_case_number(words(text, wanted), audit.case_reference)


_OTHERWISE = "If you cannot complete it by its due date, open it, enter a later date and give the reason."


def read_given(ids: Collection[int], on: date) -> Mapping[int, Given]:
    """Return those of these remedies that are open and have an owner. No email has a remedy's text."""
    days = working_days()
    return {
        remedy.id: Given(
            kind=Remedy.kind,
            reference=remedy.reference,
            about=f"something to put right on the file of audit {remedy.audit.reference}",
            due_on=remedy.due_on,
            owner_id=remedy.owner_id,
            address=f"/remedies/{remedy.reference}",
            otherwise=_OTHERWISE,
        )
        for remedy in db.session.scalars(select(Remedy).where(Remedy.id.in_(ids)))
        if remedy.owner_id is not None and refuse_change(facts(remedy), on, days) is None
    }


register(Remedy.kind, read_given)
