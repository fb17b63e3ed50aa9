"""The things that people are reminded of, as the line about a day reads them: open or not, by when, whose."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.actions.lifecycle import DECIDED_AGAINST
from app.actions.models import Action, Recommendation
from app.actions.moving import due_on as due_of_owned
from app.audits import lifecycle
from app.audits.facts import facts, found, pair_on
from app.audits.models import Audit
from app.audits.open_on import half_declined
from app.audits.promises import Promise
from app.audits.promising import promise_that_held
from app.concerns.models import CalledResponse, Remedy
from app.concerns.responses_open import open_responses
from app.database import db
from app.history import record
from app.moves.owners import owners_before
from app.outbox.names import DIGEST, MANAGER
from app.people.closures import working_days
from app.people.models import Person
from app.people.presence import PersonFacts
from app.reminders.due import AUDIT, RESPONSE
from app.reminders.earlier import NOT_KNOWN, end_on, owner_on
from app.reminders.ladder_book import ladder_book
from app.reminders.next_reminder import (
    Receiving,
    receiving_of_audit,
    receiving_of_owner,
    receiving_of_response,
)
from app.reminders.things import THINGS
from app.wording import in_words
from app.working_days import happened


@dataclass(frozen=True)
class Subject:
    """A thing that people are reminded of, with what a line about a day needs of its life by then."""

    kind: str
    id: int
    reference: str
    not_open: Callable[[date], str]
    """The reason why nobody is reminded on a day: "it was returned on 10 November 2010"; else nothing."""
    due_on: Callable[[date], date | None]
    holders: Callable[[date], set[int] | None]
    """The people whose it is on a day; None where that is not known."""
    ever: frozenset[int]
    """The people whose it ever was, as far as that is known."""
    receiving: Callable[[date, Mapping[int, PersonFacts]], list[Receiving]]
    """The people who get steps of its ladder on a day, with these."""
    promise: Callable[[date, bool], Promise | None] = lambda _on, _before_striking: None
    """The promise that holds on a day; or that held on it before one was struck through on that day."""


def subject_of(kind: str, reference: str) -> Subject | None:
    """Return the thing of that kind and reference; None where there is none."""
    return _READERS[kind](reference)


def _audit(reference: str) -> Subject | None:
    audit = found(reference)
    if audit is None:
        return None

    def not_open(on: date) -> str:
        known = facts(audit, on)
        if known.requested_on > on:
            return f"it was requested on {in_words(known.requested_on)}"
        match lifecycle.state(known, on, working_days()):
            case lifecycle.State.WITHDRAWN:
                return f"it was withdrawn on {in_words(known.withdrawn_on)}"
            case lifecycle.State.RETURNED:
                return f"it was returned on {in_words(known.returned_on)}"
            case lifecycle.State.NOT_RETURNED:
                return f"its cycle was closed on {in_words(known.cycle_closed_on)}"
        is_exempt = lifecycle.is_exempt(known, on)
        return f"it was exempt from {in_words(known.exempted_on)}" if is_exempt else ""

    ladder = ladder_book().for_audits_of(audit.cycle_id)

    def receiving(on: date, people: Mapping[int, PersonFacts]) -> list[Receiving]:
        auditors = {
            spell.person_id: spell.assigned_on
            for spell in pair_on(audit, on).spells
            if spell.person_id is not None
        }
        declined = len(auditors) == 1 and audit.id in half_declined(on)
        return receiving_of_audit(ladder, auditors, people, is_half_declined=declined)

    return Subject(
        AUDIT,
        audit.id,
        audit.reference,
        not_open,
        lambda on: facts(audit, on).due_on,
        lambda on: {person.id for person in pair_on(audit, on).people},
        frozenset(spell.person_id for spell in audit.assignments if spell.person_id is not None),
        receiving,
        lambda on, before_striking: promise_that_held(audit, on, before_striking=before_striking),
    )


def _action(reference: str) -> Subject | None:
    action = db.session.scalars(select(Action).where(Action.called(reference))).one_or_none()
    if action is None:
        return None

    def not_open(on: date) -> str:
        if action.is_draft or (action.agreed_on is not None and action.agreed_on > on):
            return "it was not agreed yet"
        return _first(("done", action.done_on, on), ("withdrawn", action.withdrawn_on, on))

    return _of_owner(action, "action", not_open)


def _recommendation(reference: str) -> Subject | None:
    query = select(Recommendation).where(Recommendation.called(reference))
    recommendation = db.session.scalars(query).one_or_none()
    if recommendation is None:
        return None

    def not_open(on: date) -> str:
        if recommendation.raised_on is not None and recommendation.raised_on > on:
            return f"it was raised on {in_words(recommendation.raised_on)}"
        decided = recommendation.decided_on
        if recommendation.decision in DECIDED_AGAINST and (decided is None or decided <= on):
            return f"it was {recommendation.decision}" + (f" on {in_words(decided)}" if decided else "")
        return _first(("carried out", recommendation.carried_out_on, on))

    return _of_owner(recommendation, "recommendation", not_open)


def _remedy(reference: str) -> Subject | None:
    remedy = db.session.scalars(select(Remedy).where(Remedy.called(reference))).one_or_none()
    if remedy is None:
        return None

    def not_open(on: date) -> str:
        if remedy.raised_on > on:
            return f"it was added on {in_words(remedy.raised_on)}"
        return _first(("done", remedy.done_on, on), ("withdrawn", remedy.withdrawn_on, on))

    return _of_owner(remedy, "remedy", not_open)


def _response(reference: str) -> Subject | None:
    query = select(CalledResponse).where(CalledResponse.called(reference))
    response = db.session.scalars(query).one_or_none()
    if response is None:
        return None

    def not_open(on: date) -> str:
        if response.called_on > on:
            return f"it was called for on {in_words(response.called_on)}"
        if happened(response.fell_away_on, on):
            return f"it was no longer needed from {in_words(response.fell_away_on)}"
        return _first(("answered", response.answered_on, on))

    ladder = ladder_book().general[RESPONSE]

    def receiving(on: date, people: Mapping[int, PersonFacts]) -> list[Receiving]:
        for each in open_responses(on):
            if each.id == response.id:
                asked, late = ([one.id for one in those] for those in (each.asked, each.told_late))
                return receiving_of_response(ladder, asked, late, people)
        return []

    return Subject(
        RESPONSE,
        response.id,
        response.reference,
        not_open,
        lambda _: response.due_on,
        lambda _: None,
        frozenset(),
        receiving,
    )


_READERS: dict[str, Callable[[str], Subject | None]] = {
    AUDIT: _audit,
    "action": _action,
    "recommendation": _recommendation,
    "remedy": _remedy,
    RESPONSE: _response,
}


def _first(*ends: tuple[str, date | None, date]) -> str:
    """Return the first end that has happened: "it was done on 10 November 2010"."""
    return next((f"it was {end} on {in_words(day)}" for end, day, on in ends if happened(day, on)), "")


def _of_owner(thing: Action | Recommendation | Remedy, kind: str, not_open: Callable[[date], str]) -> Subject:
    """Return what has one owner: earlier owners, and ends that were taken back, are in its history."""
    history = record.of(kind, thing.reference)
    owner_now = thing.owner.name if thing.owner else None

    def owner(on: date) -> str | None:
        return owner_on(history, owner_now, on, record.FROM_A_FILE)

    def due_on(on: date) -> date | None:
        return thing.due_on if isinstance(thing, Remedy) else due_of_owned(thing, on)

    def why_not_open(on: date) -> str:
        if why := not_open(on):
            return why
        if ended := end_on(history, on):
            return f"it was {ended[0]} on {in_words(ended[1])}"
        if owner(on) is None:
            return "it had no owner"
        return "" if due_on(on) else "it had no due date"

    ids: dict[str, set[int]] = defaultdict(set)
    names = {owner_now, *owners_before(history)} - {None}
    for id_, name in db.session.execute(select(Person.id, Person.name).where(Person.name.in_(names))):
        ids[name].add(id_)

    def holders(on: date) -> set[int] | None:
        name = owner(on)
        return None if name == NOT_KNOWN else ids.get(name or "", set())

    ladder = ladder_book().general[THINGS[kind].ladder or kind]
    ever = frozenset().union(*ids.values())

    def receiving(on: date, people: Mapping[int, PersonFacts]) -> list[Receiving]:
        return receiving_of_owner(ladder, holders(on) or set(), people)

    return Subject(kind, thing.id, thing.reference, why_not_open, due_on, holders, ever, receiving)


def is_still_theirs(subject: Subject, kind: str, person_id: int, on: date) -> bool:
    """Return whether a reminder in one kind of email would go to this person on a day: whether it is open,
    and theirs or of somebody whom they manage."""
    if subject.not_open(on):
        return False
    holders = subject.holders(on)
    if holders is None or kind not in (DIGEST, MANAGER):
        return True
    if kind == DIGEST:
        return person_id not in subject.ever - holders
    managers = select(Person.line_manager_id).where(Person.id.in_(holders))
    return person_id in db.session.scalars(managers).all()


def last_response_about(reference: str) -> str | None:
    """Return the reference of the last response about an audit."""
    query = (
        select(CalledResponse.reference)
        .join(Audit, Audit.id == CalledResponse.audit_id)
        .where(Audit.called(reference))
        .order_by(CalledResponse.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)
