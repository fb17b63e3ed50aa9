"""Reading alerts for pages: a person's open ones, all of them, and the people who were written to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload

from app.audits.models import Audit
from app.concerns.messages import KIND, key
from app.concerns.models import Alert
from app.database import db
from app.outbox import queries as outbox
from app.outbox.models import DROPPED, FAILED, HELD, QUEUED, SENDING, Message
from app.people.models import Person
from app.people.roles import RoleName

PAGE = 50


@dataclass(frozen=True)
class Notified:
    """A person whom the last message about an alert was written to, and the state of that message."""

    person_id: int
    name: str
    telephone: str | None
    state: str
    answer: str | None


def found(reference: str) -> Alert | None:
    """Return the alert of that reference, with its people and its audit; None when there is none."""
    query = select(Alert).where(Alert.called(reference)).options(*_WITH_PEOPLE)
    return db.session.scalar(query)


def listed() -> Select[Alert]:
    """Select all alerts, the open ones on top, then the latest first."""
    query = select(Alert).options(*_WITH_PEOPLE)
    return query.order_by(Alert.acknowledged_at.is_not(None), Alert.raised_at.desc(), Alert.id.desc())


def open_for(person: Person) -> Sequence[Alert]:
    """Return the alerts that nobody has acknowledged and that this person is told of, the oldest first."""
    query = select(Alert).where(Alert.acknowledged_at.is_(None)).options(*_WITH_PEOPLE).order_by(Alert.id)
    if RoleName.COORDINATOR not in person.role_names:
        if person.managed_team_id is None:
            return []
        query = query.where(Alert.audit_id == Audit.id, Audit.team_id == person.managed_team_id)
    return db.session.scalars(query).all()


def raised_about(audit_id: int) -> Sequence[Alert]:
    """Return the alerts about the case of one audit, the latest first."""
    query = select(Alert).where(Alert.audit_id == audit_id).options(*_WITH_PEOPLE).order_by(Alert.id.desc())
    return db.session.scalars(query).all()


def last_notified(alert: Alert) -> list[Notified]:
    """Return the people of the last messages about an alert, with the state of each message."""
    receiver = aliased(Person)
    query = (
        select(receiver.id, receiver.name, receiver.telephone, Message.state, Message.answer, Message.once)
        .join(receiver, receiver.id == Message.recipient)
        .where(Message.kind == KIND, Message.once.startswith(f"alert {alert.id} "))
        .order_by(Message.id)
    )
    return [
        Notified(row.id, row.name, row.telephone, row.state, row.answer)
        for row in db.session.execute(query)
        if row.once == key(alert, row.id, alert.times_told)
    ]


def not_reached(
    alert: Alert, notified: Sequence[Notified], stopped: str | None, reader_id: int
) -> list[Notified]:
    """Return the people who must be phoned: their email about an open alert could not or cannot be sent.

    `stopped` says why no mail is sent at all; None where it is. The person who raised the alert and the
    reader of the page are left out, since they know of it.
    """
    if alert.acknowledged_at is not None:
        return []
    unsent = {HELD, FAILED, DROPPED} | ({QUEUED, SENDING} if stopped else set())
    know = {alert.raised_by_id, reader_id}
    return [person for person in notified if person.state in unsent and person.person_id not in know]


def open_and_unsent_for(person: Person) -> list[tuple[Alert, bool]]:
    """Return the open alerts that this person is told of, each with True where an email could not be sent."""
    alerts = open_for(person)
    stopped = outbox.stopped() if alerts else None
    return [(alert, bool(not_reached(alert, last_notified(alert), stopped, person.id))) for alert in alerts]


def told_of(person: Person, reference: str) -> bool:
    """True for a manager of the team of the alert's case; a coordinator is told of every alert."""
    of_their_team = Audit.team_id == person.managed_team_id
    query = select(Alert.id).join(Audit).where(Alert.called(reference), of_their_team)
    return db.session.scalar(query) is not None


def raised_by(person: Person, reference: str) -> bool:
    """True for the auditor who raised it."""
    query = select(Alert.id).where(Alert.called(reference), Alert.raised_by_id == person.id)
    return db.session.scalar(query) is not None


_WITH_PEOPLE = (
    joinedload(Alert.audit).joinedload(Audit.team),
    joinedload(Alert.raised_by),
    joinedload(Alert.acknowledged_by),
)
