"""The page for an old link: the work was once part of a person’s, and is not any more.

Links in emails outlive hand-overs. An auditor or owner of before, or the receiver of an email about it, is
told kindly that there is nothing to do for them, and nothing of the thing itself. All others are told what
anybody is who may not open a page.
"""

from dataclasses import dataclass

from flask import render_template, request
from flask_security import current_user
from sqlalchemy import ColumnElement, and_, or_, select

from app.access import may
from app.actions.models import Action, Recommendation
from app.audits.models import Assignment, Audit
from app.clock import today
from app.concerns.models import CalledResponse, Remedy
from app.database import db
from app.given import KIND as GIVEN
from app.outbox.models import Message, MessageItem
from app.people.models import Person
from app.people.queries import everyone
from app.people.reaching import to_ask
from app.reminders.due import RESPONSE

Thing = type[Audit] | type[Action] | type[Recommendation] | type[Remedy]


@dataclass(frozen=True)
class Place:
    """A folder of addresses that name one thing, and the pages that who has a part in the thing may open."""

    thing: Thing
    pages: tuple[str, ...]


PLACES = {
    "audits": Place(Audit, ("audits.detail", "concerns.response", "workers.page")),
    "actions": Place(Action, ("actions.action",)),
    "recommendations": Place(Recommendation, ("actions.recommendation",)),
    "remedies": Place(Remedy, ("concerns.remedy",)),
}


def page_of_former_work() -> str | None:
    """Return the page for the address of this request, where its thing was once part of the reader’s work and
    none of its pages is open to them any more; None otherwise."""
    place = PLACES.get(request.path.split("/")[1])
    reference = (request.view_args or {}).get("reference")
    if place is None or reference is None or any(may(page, reference=reference) for page in place.pages):
        return None
    if not _had_a_part(current_user, place.thing, reference):
        return None
    people = everyone()
    ask = to_ask(people.values(), current_user.id, today())
    return render_template("no_longer_yours.html", kind=place.thing.kind, to_ask=ask)


def _had_a_part(person: Person, thing: Thing, reference: str) -> bool:
    """True for who audited it, or was ever sent an email that led to it."""
    number = db.session.scalar(select(thing.id).where(thing.called(reference)))
    if number is None:
        return False
    about = [and_(MessageItem.obligation_kind == thing.kind, MessageItem.obligation_id == number)]
    if thing is Audit:
        audited = select(Assignment.id).where(
            Assignment.audit_id == number,
            Assignment.person_id == person.id,
            Assignment.assigned_on <= today(),
        )
        if db.session.scalar(audited.limit(1)) is not None:
            return True
        about.append(_about_its_responses(number))
    reminded = select(MessageItem.id).where(MessageItem.person_id == person.id, or_(*about))
    return db.session.scalar(reminded.limit(1)) is not None or _was_told_at_once(person, thing, number)


def _about_its_responses(audit_id: int) -> ColumnElement[bool]:
    responses = select(CalledResponse.id).where(CalledResponse.audit_id == audit_id)
    return and_(MessageItem.obligation_kind == RESPONSE, MessageItem.obligation_id.in_(responses))


def _was_told_at_once(person: Person, thing: Thing, number: int) -> bool:
    """True where they were given it, or asked for a response about it."""
    at_once = select(Message.kind, Message.facts).where(
        Message.recipient == person.id, Message.kind.in_((GIVEN, RESPONSE))
    )
    responses = select(CalledResponse.id).where(CalledResponse.audit_id == number)
    asked = set(db.session.scalars(responses)) if thing is Audit else set()
    return any(
        [thing.kind, number] in facts.get("things", []) or facts.get("response") in asked
        for _, facts in db.session.execute(at_once)
    )
