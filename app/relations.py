"""The relations of a person to the thing that an address names, for the table of permissions."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Select, exists, select

from app.actions.models import Action, BodyMember, ProgressNote, Recommendation
from app.actions.seen import (
    actions_seen_by,
    actions_steered_by,
    actions_that_concern,
    recommendations_seen_by,
)
from app.answers import unseen_grade
from app.audits.audited_again import audited_again_by
from app.audits.models import Assignment, Audit
from app.audits.standing import held_on
from app.clock import today
from app.concerns import alert_queries, remedy_queries, response_queries, responses
from app.concerns.response_life import refuse_decision
from app.database import db
from app.people.models import Person
from app.people.roles import RoleName
from app.people.standing_in_sql import is_line_managed, stands_in_for_a_coordinator
from app.quick_wins.models import QuickWin
from app.quick_wins.queries import is_in_audience
from app.workers.queries import is_shown_to, last_of, refuse_decision_of

Relation = Callable[[Person, Mapping[str, object]], bool]


def in_the_pair(person: Person, named: Mapping[str, object]) -> bool:
    """True for the two people who audit this case now."""
    query = (
        select(Assignment.id)
        .join(Audit)
        .where(
            Audit.called(str(named["reference"])),
            Assignment.person_id == person.id,
            held_on(today()),
        )
    )
    return bool(db.session.scalar(select(exists(query))))


def audits_its_case_again(person: Person, named: Mapping[str, object]) -> bool:
    """True for those whose audit repeats this one, until theirs is returned."""
    earlier = audited_again_by(person.id, today())
    query = select(Audit.id).where(Audit.called(str(named["reference"])), Audit.id.in_(earlier))
    return db.session.scalar(query) is not None


def audits_a_case_again(person: Person) -> bool:
    """True for those who have such an audit at all."""
    return bool(db.session.scalar(select(exists(audited_again_by(person.id, today())))))


def has_yet_to_ask(person: Person, named: Mapping[str, object]) -> bool:
    """True for moderators who may decide about the audit and have not asked for its grade, save those who are
    asked to respond to it, or to decide about the reply or the dispute that it led to."""
    reference = str(named["reference"])
    if not unseen_grade.has_yet_to_ask(person, reference, today()):
        return False
    asked = (asked_for_the_response, told_of_the_late_response)
    return not (
        any(relation(person, named) for relation in asked) or _decides_about_an_answer(person, reference)
    )


def _decides_about_an_answer(person: Person, reference: str) -> bool:
    called = response_queries.last_of(reference)
    if called is not None:
        part = response_queries.took_part(called.audit, today())
        if refuse_decision(responses.facts(called), person.id, part, today()) is None:
            return True
    audit_id = db.session.scalar(select(Audit.id).where(Audit.called(reference)))
    reply = last_of(audit_id) if audit_id is not None else None
    return reply is not None and refuse_decision_of(reply, person, today()) is None


def its_worker(person: Person, named: Mapping[str, object]) -> bool:
    """True for the worker of the case, where its cycle tells workers."""
    return is_shown_to(person, str(named["reference"]), today())


def moderates_their_own(person: Person, named: Mapping[str, object]) -> bool:
    """True for the worker of the case who is a moderator and has no other part in the audit: they read no
    more of it than any worker does."""
    if not may_moderate_their_own(person):
        return False
    query = select(Audit.id).where(Audit.called(str(named["reference"])), Audit.worker_id == person.id)
    if db.session.scalar(query) is None:
        return False
    return not in_the_pair(person, named) and not asked_for_the_response(person, named)


def may_moderate_their_own(person: Person) -> bool:
    """True for moderators who do not coordinate."""
    return RoleName.MODERATOR in person.role_names and RoleName.COORDINATOR not in person.role_names


def is_told_nothing(person: Person, named: Mapping[str, object]) -> bool:
    """True for the worker of the case who is a moderator, where the cycle tells workers nothing."""
    return moderates_their_own(person, named) and not its_worker(person, named)


def in_a_pair(person: Person, _named: Mapping[str, object]) -> bool:
    """True for people who audit a case now, whatever their roles are."""
    held = select(Assignment.id).where(Assignment.person_id == person.id, held_on(today()))
    return bool(db.session.scalar(select(exists(held))))


def told_of_the_audit(person: Person, named: Mapping[str, object]) -> bool:
    """True for the line managers of the two, and for people who stand in for them or for a coordinator.

    They see state, days and chase log, never answers.
    """
    if stands_in_for_a_coordinator(person.id, today()):
        return True
    query = (
        select(Assignment.id)
        .join(Audit)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Audit.called(str(named["reference"])),
            held_on(today()),
            is_line_managed(person, today()),
        )
    )
    return bool(db.session.scalar(select(exists(query))))


def stands_in_for_some_coordinator(person: Person, _named: Mapping[str, object]) -> bool:
    """True for people who get the messages of an absent coordinator: they see the lists linked from these."""
    return stands_in_for_a_coordinator(person.id, today())


def told_of_the_alert(person: Person, named: Mapping[str, object]) -> bool:
    """True for managers of the team whose case the alert is about."""
    return alert_queries.told_of(person, str(named["reference"]))


def raised_the_alert(person: Person, named: Mapping[str, object]) -> bool:
    """True for the auditor who raised the alert, and may follow it."""
    return alert_queries.raised_by(person, str(named["reference"]))


def owner_of_the_action(person: Person, named: Mapping[str, object]) -> bool:
    """True for the person who has to do it."""
    query = select(Action.id).where(Action.called(str(named["reference"])), Action.owner_id == person.id)
    return bool(db.session.scalar(select(exists(query))))


def owner_of_the_recommendation(person: Person, named: Mapping[str, object]) -> bool:
    """True for the person who has to carry it out."""
    return _is_there(Recommendation, named, Recommendation.owner_id == person.id)


def wrote_the_line(person: Person, named: Mapping[str, object]) -> bool:
    """True for the writer of a line about the progress of an action or a recommendation."""
    query = select(ProgressNote.id).where(
        ProgressNote.id == named["note_id"], ProgressNote.by_id == person.id
    )
    return db.session.scalar(query) is not None


def steers_the_action(person: Person, named: Mapping[str, object]) -> bool:
    """True for the person who raised it, its owner's line manager, and the managers of the owner's team."""
    return _is_there(Action, named, actions_steered_by(person))


def sees_the_action(person: Person, named: Mapping[str, object]) -> bool:
    """True for people who have it in their tracker."""
    return _is_there(Action, named, actions_seen_by(person, today()))


def sees_the_recommendation(person: Person, named: Mapping[str, object]) -> bool:
    """True for people who have it in their list, owners of its actions, and members of the deciding body."""
    return _is_there(Recommendation, named, recommendations_seen_by(person, today()))


def _is_there(
    table: type[Action] | type[Recommendation], named: Mapping[str, object], condition: ColumnElement[bool]
) -> bool:
    query = select(table.id).where(table.called(str(named["reference"])), condition)
    return db.session.scalar(query) is not None


def sits_on_a_body(person: Person, _named: Mapping[str, object]) -> bool:
    """True for members of any of the bodies that decide."""
    return bool(db.session.scalar(select(exists(_seats_of(person)))))


def member_of_the_body(person: Person, named: Mapping[str, object]) -> bool:
    """True for its members."""
    seat = _seats_of(person).where(BodyMember.body_id == named["number"])
    return bool(db.session.scalar(select(exists(seat))))


def _seats_of(person: Person) -> Select[int]:
    return select(BodyMember.body_id).where(BodyMember.person_id == person.id)


def concerned_with_the_quick_win(person: Person, named: Mapping[str, object]) -> bool:
    """True for the owner of its action, the person who raised that, and the owner's manager."""
    query = (
        select(QuickWin.id)
        .join(Action, Action.id == QuickWin.action_id)
        .where(QuickWin.called(str(named["reference"])), actions_that_concern(person))
    )
    return db.session.scalar(query) is not None


def in_its_audience(person: Person, named: Mapping[str, object]) -> bool:
    """True for the people whom a quick win's message is for."""
    quick_win = db.session.scalar(select(QuickWin).where(QuickWin.called(str(named["reference"]))))
    return quick_win is not None and is_in_audience(quick_win, person)


def reads_the_remedy(person: Person, named: Mapping[str, object]) -> bool:
    """True for its owner, the managers of the case's team, and the pair."""
    return remedy_queries.may_read(person, str(named["reference"]), today())


def told_of_the_late_remedy(person: Person, named: Mapping[str, object]) -> bool:
    """True for the owner's line manager, and for people who stand in for them or for a coordinator.

    They see its state.
    """
    return remedy_queries.told_late(person, str(named["reference"]), today())


def in_the_pair_of_the_remedy(person: Person, named: Mapping[str, object]) -> bool:
    """True for the two who audit the case that the remedy is about."""
    return remedy_queries.in_the_pair(person, str(named["reference"]), today())


def owns_the_remedy(person: Person, named: Mapping[str, object]) -> bool:
    """True for its owner, who puts it right."""
    return remedy_queries.owns(person, str(named["reference"]))


def owns_a_remedy(person: Person, _named: Mapping[str, object]) -> bool:
    """True for people who have, or had, something to put right."""
    return remedy_queries.has_any(person)


def asked_for_the_response(person: Person, named: Mapping[str, object]) -> bool:
    """True for people who are asked for the last response about the audit, and for their deputies."""
    return response_queries.is_asked(person, str(named["reference"]), today())


def told_of_the_late_response(person: Person, named: Mapping[str, object]) -> bool:
    """True for people who are told when the last response about the audit is late, and for people who stand
    in for them or for a coordinator.

    They see its state.
    """
    return response_queries.told_late(person, str(named["reference"]), today())


RELATIONS: dict[str, Relation] = {
    "asked for the response": asked_for_the_response,
    "told when the response is late": told_of_the_late_response,
    "owner of the action": owner_of_the_action,
    "owner of the recommendation": owner_of_the_recommendation,
    "wrote the line of progress": wrote_the_line,
    "steers the action": steers_the_action,
    "sees the action": sees_the_action,
    "concerned with the quick win": concerned_with_the_quick_win,
    "sees the recommendation": sees_the_recommendation,
    "sits on a body": sits_on_a_body,
    "member of the body": member_of_the_body,
    "in its audience": in_its_audience,
    "in the pair": in_the_pair,
    "audits its case again": audits_its_case_again,
    "its worker": its_worker,
    "moderates their own case": moderates_their_own,
    "has yet to ask for the grade": has_yet_to_ask,
    "is told nothing of their case": is_told_nothing,
    "in a pair": in_a_pair,
    "told when the audit is late": told_of_the_audit,
    "deputy of a coordinator": stands_in_for_some_coordinator,
    "manager of the team of the alert's case": told_of_the_alert,
    "raised the alert": raised_the_alert,
    "reads the remedy": reads_the_remedy,
    "told when the remedy is late": told_of_the_late_remedy,
    "in the pair of the remedy's audit": in_the_pair_of_the_remedy,
    "owns the remedy": owns_the_remedy,
    "owns a remedy": owns_a_remedy,
}

TO_ANYTHING: dict[str, Callable[[Person], bool]] = {
    "audits its case again": audits_a_case_again,
    "moderates their own case": may_moderate_their_own,
}
"""The same of any thing at all: where a person is in no such relation, a list need not ask of each thing."""
