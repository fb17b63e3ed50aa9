"""The bodies that decide on recommendations: their members, meetings and decisions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.actions import recommending
from app.actions.given_things import tell_owners
from app.actions.lifecycle import (
    RECOMMENDATIONS_AGREED,
    RECOMMENDATIONS_TO_DECIDE,
    RecommendationState,
    how_overdue_recommendation,
    recommendation_state,
)
from app.actions.models import Body, BodyMember, Meeting, Recommendation
from app.actions.moving import recommendation_facts
from app.database import db, transaction
from app.history.record import RENAMED, Event, record
from app.moves.moving import words
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.wording import in_words
from app.working_days import WorkingDays


@dataclass(frozen=True)
class Business:
    """The recommendations of a body on a day. A deferred one is both to decide and decided."""

    to_decide: Sequence[Recommendation]
    decided: Sequence[Recommendation]
    """The latest decision first."""
    not_carried_out: Sequence[Recommendation]
    """Agreed, as it was or amended, and not carried out yet."""


@dataclass(frozen=True)
class Decision:
    """The decision of a meeting on one recommendation."""

    reference: str
    decision: str
    words: str | None
    version: int | None
    """The version of the recommendation that the person saw."""


class NotDecided(Refused):
    """A refusal of one of several decisions; none is recorded.

    `overtaken` is True when the recommendation has changed since the page was shown.
    """

    def __init__(self, reference: str, refusal: Refused) -> None:
        super().__init__(str(refusal))
        self.reference = reference
        self.overtaken = isinstance(refusal, NotNow)


def found(number: int) -> Body | None:
    """Return a body with its members and meetings; None when there is none."""
    members = selectinload(Body.members).joinedload(BodyMember.person)
    query = select(Body).where(Body.id == number).options(members, selectinload(Body.meetings))
    return db.session.scalars(query).one_or_none()


def every(of_member: int | None = None) -> Sequence[Body]:
    """Return all bodies by name, or those that a person sits on, with their members and meetings."""
    query = select(Body).options(selectinload(Body.members), selectinload(Body.meetings)).order_by(Body.name)
    if of_member is not None:
        query = query.where(Body.members.any(BodyMember.person_id == of_member))
    return db.session.scalars(query).all()


def waiting(on: date) -> Counter[int]:
    """Return the number of recommendations that each body has to decide, by the body's id."""
    query = select(Recommendation).where(Recommendation.body_id.is_not(None))
    undecided = query.where(Recommendation.carried_out_on.is_(None))
    return Counter(
        recommendation.body_id
        for recommendation in db.session.scalars(undecided)
        if recommendation.body_id is not None
        and _is_raised(recommendation, on)
        and state_of(recommendation, on) in RECOMMENDATIONS_TO_DECIDE
    )


def next_meeting(body: Body, on: date) -> Meeting | None:
    """Return the first meeting on that day or after it."""
    return next((meeting for meeting in body.meetings if meeting.on >= on), None)


def business(body_id: int, on: date) -> Business:
    """Return the recommendations that a body has to decide, has decided, and that are not carried out."""
    query = (
        select(Recommendation)
        .where(Recommendation.body_id == body_id)
        .options(joinedload(Recommendation.cycle), joinedload(Recommendation.owner))
        .order_by(Recommendation.due_on, Recommendation.id)
    )
    raised = [made for made in db.session.scalars(query) if _is_raised(made, on)]
    states = {made.id: state_of(made, on) for made in raised}
    decided = [made for made in raised if made.decision is not None and (made.decided_on or date.min) <= on]
    return Business(
        to_decide=[made for made in raised if states[made.id] in RECOMMENDATIONS_TO_DECIDE],
        decided=sorted(decided, key=lambda made: made.decided_on or date.min, reverse=True),
        not_carried_out=[made for made in raised if states[made.id] in RECOMMENDATIONS_AGREED],
    )


def open_at(meeting: Meeting, business: Business) -> Sequence[Recommendation]:
    """Return what this meeting can still decide: raised by then, and not deferred then or later."""
    return [
        made
        for made in business.to_decide
        if _is_raised(made, meeting.on)
        and (made.decision is None or made.decided_on is None or made.decided_on < meeting.on)
    ]


def state_of(recommendation: Recommendation, on: date) -> RecommendationState:
    """Return the state of a recommendation on a day."""
    return recommendation_state(recommendation_facts(recommendation), on)


def how_overdue(recommendation: Recommendation, on: date, days: WorkingDays) -> str:
    """Return how overdue a recommendation is on a day: "by 2 working days"; nothing when it is not."""
    return how_overdue_recommendation(recommendation_facts(recommendation), on, days)


def add(name: str, by: Person) -> Body:
    """Put a body on the council's list. Raises Refused for a name that is there already."""
    with transaction():
        name = _free(name)
        body = Body(name=name)
        db.session.add(body)
        db.session.flush()
        _tell(body, by, "added")
    return body


def rename(number: int, name: str, by: Person) -> None:
    """Rename a body, for all that it decided too. Raises Refused for a name that is another's."""
    with transaction():
        body = _locked(number)
        if name == body.name:
            return
        before, name = body.name, _free(name, number)
        body.name = name
        _tell(body, by, RENAMED, before=before, after=name)


def _free(name: str, own: int | None = None) -> str:
    """Return the name, trimmed. Raises Refused when it is that of another body."""
    name = words(name, "Enter the name of the body")
    if taken := Body.taken(name, own):
        raise Refused(f"A body called {taken} already exists. Enter another name.")
    return name


def add_member(number: int, by: Person, on: date, *, person_id: int, part: str | None) -> None:
    """Add a person to a body, or change their part in it. Raises Refused for a person who has left."""
    with transaction():
        body = _locked(number)
        person = db.session.get(Person, person_id)
        if person is None:
            raise Refused("Select a person")
        if person.has_left(on):
            raise Refused(
                f"{person.name} left on {in_words(person.leaving_on)}. Select someone who works here."
            )
        part = (part or "").strip() or None
        member = db.session.get(BodyMember, (body.id, person.id))
        if member is None:
            db.session.add(BodyMember(body_id=body.id, person_id=person.id, part=part))
            _tell(body, by, "member added", after=_seat(person, part))
        elif member.part != part:
            before, member.part = _seat(person, member.part), part
            _tell(body, by, "member’s part changed", before=before, after=_seat(person, part))


def remove_member(number: int, by: Person, person_id: int) -> None:
    """Remove a person from a body. Nothing happens when they are not on it."""
    with transaction():
        body = _locked(number)
        member = db.session.get(BodyMember, (body.id, person_id))
        if member is not None:
            before = _seat(member.person, member.part)
            db.session.delete(member)
            _tell(body, by, "member removed", before=before)


def add_meeting(number: int, by: Person, *, day: date, note: str | None) -> Meeting:
    """Add a day on which the body meets. Raises Refused when it meets on that day already."""
    with transaction():
        body = _locked(number)
        _refuse_taken(body, day)
        meeting = Meeting(body_id=body.id, on=day, note=(note or "").strip() or None)
        db.session.add(meeting)
        db.session.flush()
        _tell(body, by, "meeting added", after=in_words(day))
    return meeting


def change_meeting(meeting_id: int, by: Person, *, day: date, note: str | None) -> None:
    """Change the day or the note of a meeting.

    Raises NotNow for another day when decisions of it are recorded, Refused for a day that is taken.
    """
    with transaction():
        meeting, body = _locked_meeting(meeting_id)
        note = (note or "").strip() or None
        if day != meeting.on:
            _refuse_decided(meeting)
            _refuse_taken(body, day)
            _tell(body, by, "meeting moved", before=in_words(meeting.on), after=in_words(day))
            meeting.on = day
        if note != meeting.note:
            _tell(
                body, by, f"note changed for the meeting on {in_words(day)}", before=meeting.note, after=note
            )
            meeting.note = note


def cancel_meeting(meeting_id: int, by: Person, on: date) -> None:
    """Cancel a meeting. Raises NotNow for a meeting that is past or has decided."""
    with transaction():
        meeting, body = _locked_meeting(meeting_id)
        if meeting.on < on:
            raise NotNow(f"The meeting was on {in_words(meeting.on)}, so you cannot cancel it")
        _refuse_decided(meeting)
        _tell(body, by, "meeting cancelled", before=in_words(meeting.on))
        db.session.delete(meeting)


def record_decisions(meeting: Meeting, decisions: Sequence[Decision], by: Person, on: date) -> None:
    """Record the decisions of a meeting on several recommendations: all of them, or none.

    Each owner of what was accepted is told at once, in one message.

    Raises NotDecided with the recommendation that is refused, Refused when there is nothing to record.
    """
    if not decisions:
        raise Refused("Select a decision for at least one recommendation")
    if meeting.on > on:
        raise Refused(
            f"The meeting is on {in_words(meeting.on)}. You can record its decisions from that date."
        )
    with transaction():
        day, body_id = meeting.on, meeting.body_id
        decided = []
        for decision in decisions:
            try:
                _refuse_of_another_body(decision.reference, body_id)
                made = recommending.decide_one(
                    decision.reference,
                    by,
                    on,
                    decision=decision.decision,
                    decided_on=day,
                    said=decision.words,
                    version=decision.version,
                )
            except Refused as refusal:
                raise NotDecided(decision.reference, refusal) from refusal
            decided.append(made)
        tell_owners(decided, by, on, are_agreed=True)


def lacking(decisions: Sequence[Decision]) -> list[str]:
    """Return what accepted recommendations lack, each in a sentence with its reference."""
    by_reference = {decision.reference: decision.decision for decision in decisions}
    query = select(Recommendation).where(Recommendation.called(*by_reference)).order_by(Recommendation.id)
    return [
        sentence
        for recommendation in db.session.scalars(query)
        for sentence in recommending.lacking(recommendation, by_reference[recommendation.reference])
    ]


def _is_raised(recommendation: Recommendation, on: date) -> bool:
    return recommendation.raised_on is None or recommendation.raised_on <= on


def _refuse_of_another_body(reference: str, body_id: int) -> None:
    query = select(Recommendation.body_id).where(Recommendation.called(reference))
    if db.session.scalar(query) != body_id:
        raise NotNow(
            f"This body does not decide on recommendation {reference}. Its own body must record the decision."
        )


def _refuse_decided(meeting: Meeting) -> None:
    """Refuse a meeting with decisions: they are known by their day, so their meeting stays on it."""
    query = select(Recommendation.id).where(
        Recommendation.body_id == meeting.body_id, Recommendation.decided_on == meeting.on
    )
    if db.session.scalar(query.limit(1)) is not None:
        raise NotNow("This meeting has recorded decisions, so you cannot cancel it or change its date")


def _refuse_taken(body: Body, day: date) -> None:
    if any(meeting.on == day for meeting in body.meetings):
        raise Refused(f"{body.name} already has a meeting on {in_words(day)}. Enter another date.")


def _seat(person: Person, part: str | None) -> str:
    return f"{person.name}, {part}" if part else person.name


def _locked(number: int) -> Body:
    body = db.session.scalars(select(Body).where(Body.id == number).with_for_update()).one_or_none()
    if body is None:
        raise Refused("This body no longer exists")
    return body


def _locked_meeting(meeting_id: int) -> tuple[Meeting, Body]:
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None:
        raise Refused("This meeting no longer exists. It may have been cancelled.")
    return meeting, _locked(meeting.body_id)


def _tell(body: Body, by: Person, what: str, *, before: str | None = None, after: str | None = None) -> None:
    record(by.email, [Event("body", body.name, what, before=before, after=after)])
