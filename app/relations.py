"""What a person can be to the thing that an address names: the relations of the table of permissions."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.actions.models import Action, BodyMember, Recommendation
from app.audits.models import Assignment, Audit
from app.clock import today
from app.concerns import alert_queries, remedy_queries
from app.database import db
from app.people.models import Leave, Person, PersonRole
from app.people.roles import RoleName
from app.quick_wins.audience import is_for
from app.quick_wins.models import QuickWin

Relation = Callable[[Person, Mapping[str, object]], bool]


def in_the_pair(person: Person, named: Mapping[str, object]) -> bool:
    """One of the two people who audit this case now."""
    query = (
        select(Assignment.id)
        .join(Audit)
        .where(
            Audit.reference == named["reference"],
            Assignment.person_id == person.id,
            Assignment.ended_on.is_(None),
        )
    )
    return bool(db.session.scalar(select(exists(query))))


def line_manager_of_the_pair(person: Person, named: Mapping[str, object]) -> bool:
    """Line manager of one of the two: sees state, days and chase log, never answers."""
    query = (
        select(Assignment.id)
        .join(Audit)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Audit.reference == named["reference"],
            Person.line_manager_id == person.id,
            Assignment.ended_on.is_(None),
        )
    )
    return bool(db.session.scalar(select(exists(query))))


def deputy_of_somebody_told(person: Person, named: Mapping[str, object]) -> bool:
    """Stands in today for a coordinator, or for a line manager of the pair: sees what a line manager sees."""
    on = today()
    coordinators = select(PersonRole.person_id).where(PersonRole.name == RoleName.COORDINATOR)
    auditor = aliased(Person)
    managers = (
        select(auditor.line_manager_id)
        .join(Assignment, Assignment.person_id == auditor.id)
        .join(Audit)
        .where(Audit.reference == named["reference"], Assignment.ended_on.is_(None))
    )
    query = select(Leave.id).where(
        Leave.deputy_id == person.id,
        Leave.from_on <= on,
        Leave.to_on >= on,
        or_(Leave.person_id.in_(coordinators), Leave.person_id.in_(managers)),
    )
    return bool(db.session.scalar(select(exists(query))))


def told_of_the_alert(person: Person, named: Mapping[str, object]) -> bool:
    """Manager of the team whose case the alert is about."""
    return alert_queries.told_of(person, str(named["reference"]))


def raised_the_alert(person: Person, named: Mapping[str, object]) -> bool:
    """The auditor who is worried: sees what became of it."""
    return alert_queries.raised_by(person, str(named["reference"]))


def owner_of_the_action(person: Person, named: Mapping[str, object]) -> bool:
    """The one named person who has to do it."""
    query = select(Action.id).where(Action.reference == named["reference"], Action.owner_id == person.id)
    return bool(db.session.scalar(select(exists(query))))


def steers_the_action(person: Person, named: Mapping[str, object]) -> bool:
    """Whoever raised it, and the manager of its owner: the line manager, or a manager of the owner's team."""
    owner = aliased(Person)
    query = (
        select(Action.id)
        .outerjoin(owner, owner.id == Action.owner_id)
        .where(
            Action.reference == named["reference"],
            or_(Action.raised_by_id == person.id, _is_managed(owner, person)),
        )
    )
    return bool(db.session.scalar(select(exists(query))))


def concerned_with_the_recommendation(person: Person, named: Mapping[str, object]) -> bool:
    """Its owner, the owner's manager, the owner of one of its actions, and the body that decides."""
    owner = aliased(Person)
    query = (
        select(Recommendation.id)
        .outerjoin(owner, owner.id == Recommendation.owner_id)
        .outerjoin(Action, Action.recommendation_id == Recommendation.id)
        .where(
            Recommendation.reference == named["reference"],
            or_(
                Recommendation.owner_id == person.id,
                Recommendation.body_id.in_(_seats_of(person)),
                Action.owner_id == person.id,
                _is_managed(owner, person),
            ),
        )
    )
    return bool(db.session.scalar(select(exists(query))))


def sits_on_a_body(person: Person, _named: Mapping[str, object]) -> bool:
    """A member of any of the bodies that decide."""
    return bool(db.session.scalar(select(exists(_seats_of(person)))))


def member_of_the_body(person: Person, named: Mapping[str, object]) -> bool:
    """One of those who decide in it."""
    seat = _seats_of(person).where(BodyMember.body_id == named["number"])
    return bool(db.session.scalar(select(exists(seat))))


def _seats_of(person: Person) -> Select[int]:
    return select(BodyMember.body_id).where(BodyMember.person_id == person.id)


def concerned_with_the_quick_win(person: Person, named: Mapping[str, object]) -> bool:
    """The owner of its action, whoever raised that, and the owner's manager."""
    query = (
        select(Action.reference)
        .join(QuickWin, QuickWin.action_id == Action.id)
        .where(QuickWin.reference == named["reference"])
    )
    reference = db.session.scalar(query)
    if reference is None:
        return False
    its_action = {"reference": reference}
    return owner_of_the_action(person, its_action) or steers_the_action(person, its_action)


def in_its_audience(person: Person, named: Mapping[str, object]) -> bool:
    """One of those whom a quick win's message is for."""
    query = select(QuickWin).where(QuickWin.reference == named["reference"])
    quick_win = db.session.scalars(query).one_or_none()
    return quick_win is not None and is_for(
        quick_win.audience_roles,
        quick_win.audience_team_ids,
        person_roles=person.role_names,
        person_team_id=person.team_id,
    )


def _is_managed(owner: type[Person], by: Person) -> ColumnElement[bool]:
    line = owner.line_manager_id == by.id
    if RoleName.MANAGER not in by.role_names or by.team_id is None:
        return line
    # somebody else's manager: one's own actions are steered by others
    return or_(line, and_(owner.team_id == by.team_id, owner.id != by.id))


def reads_the_remedy(person: Person, named: Mapping[str, object]) -> bool:
    """Its owner, a manager of the case's team, or one of the pair."""
    return remedy_queries.may_read(person, str(named["reference"]))


def told_of_the_late_remedy(person: Person, named: Mapping[str, object]) -> bool:
    """The owner's line manager, or whoever stands in for them or for a coordinator: sees how it stands."""
    return remedy_queries.told_late(person, str(named["reference"]), today())


def in_the_pair_of_the_remedy(person: Person, named: Mapping[str, object]) -> bool:
    """One of the two who audit the case that the remedy is about."""
    return remedy_queries.in_the_pair(person, str(named["reference"]))


def owns_the_remedy(person: Person, named: Mapping[str, object]) -> bool:
    """Whoever puts it right."""
    return remedy_queries.owns(person, str(named["reference"]))


def owns_a_remedy(person: Person, _named: Mapping[str, object]) -> bool:
    """Whoever has, or had, something to put right."""
    return remedy_queries.has_any(person)


RELATIONS: dict[str, Relation] = {
    "owner of the action": owner_of_the_action,
    "steers the action": steers_the_action,
    "concerned with the quick win": concerned_with_the_quick_win,
    "concerned with the recommendation": concerned_with_the_recommendation,
    "sits on a body": sits_on_a_body,
    "member of the body": member_of_the_body,
    "in its audience": in_its_audience,
    "in the pair": in_the_pair,
    "line manager of the pair": line_manager_of_the_pair,
    "deputy of somebody who is told of it": deputy_of_somebody_told,
    "manager of the team of the alert's case": told_of_the_alert,
    "raised the alert": raised_the_alert,
    "reads the remedy": reads_the_remedy,
    "told when the remedy is late": told_of_the_late_remedy,
    "in the pair of the remedy's audit": in_the_pair_of_the_remedy,
    "owns the remedy": owns_the_remedy,
    "owns a remedy": owns_a_remedy,
}
