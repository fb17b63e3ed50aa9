"""The moves of an alert: raised by an auditor, sent and sent again, acknowledged by somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.audits.models import Audit
from app.audits.moving import locked as locked_audit
from app.concerns import messages
from app.concerns.models import Alert
from app.concerns.receivers import receivers_of
from app.concerns.telling_again import is_due
from app.database import db, transaction
from app.history.record import Event, record
from app.moves.moving import locked, tell, without_case_number, words
from app.news import telling
from app.news.happenings import Happening
from app.people.closures import working_days
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.refusal import NotNow, Refused


@dataclass(frozen=True)
class PhoneCall:
    """The call that an auditor made before recording the alert: to whom, when, how, and the answer."""

    whom: str
    when: str
    how: str
    answer: str


def raise_alert(reference: str, call: PhoneCall, by: Person, at: datetime, on: date) -> str:
    """Record a worry about the child of an audit and tell everybody at once, on any day and hour.

    Returns the alert's reference. Raises Refused where part of the phone call is missing or holds the case
    number, since managers read it.
    """
    with transaction():
        audit = locked_audit(reference)
        number = select(func.count()).select_from(Alert).where(Alert.audit_id == audit.id)
        alert = Alert(
            reference=f"{audit.reference}-A{(db.session.scalar(number) or 0) + 1}",
            audit_id=audit.id,
            raised_by_id=by.id,
            raised_at=at,
            told_whom=_checked_words(call.whom, "Enter who you told", audit),
            told_when=_checked_words(call.when, "Enter when you told them", audit),
            told_how=_checked_words(call.how, "Enter how you told them", audit),
            answer=_checked_words(call.answer, "Enter what they said they would do", audit),
            last_told_at=at,
        )
        db.session.add(alert)
        db.session.flush()
        notified = messages.write_alert(alert, receivers(alert, on), on)
        record(
            by.email,
            [
                Event("audit", audit.reference, "worry recorded", after=alert.reference, on=on),
                Event("alert", alert.reference, "raised", after=_people(notified), on=on),
            ],
        )
        return alert.reference


def receivers(alert: Alert, on: date) -> list[PersonFacts]:
    """Return the receivers of an alert on a day: the managers of the case's team and all coordinators."""
    return receivers_of(alert.audit.team_id, everyone().values(), on)


def chase(at: datetime) -> int:
    """Send each alert that nobody has acknowledged again when it is due.

    `at` is the moment in the council's time zone. Each alert is locked, checked again and sent in one
    transaction, so that several machines at once send it once. Returns the number of alerts sent again. An
    error with one does not hold up the others: all errors are raised at the end, as one ExceptionGroup.
    """
    on = at.date()
    working_day = working_days().is_working_day(on)
    sent, faults = 0, list[Exception]()
    waiting = (
        select(Alert.reference, Alert.last_told_at).where(Alert.acknowledged_at.is_(None)).order_by(Alert.id)
    )
    for reference, last_told_at in db.session.execute(waiting).all():
        if is_due(last_told_at, at, working_day=working_day):
            try:
                sent += _send_again(reference, at)
            except Exception as fault:  # noqa: BLE001  the next alert may be about another child
                faults.append(fault)
    if faults:
        raise ExceptionGroup("alerts that could not be told again", faults)
    return sent


def _send_again(reference: str, at: datetime) -> bool:
    with transaction():
        alert = locked(Alert, reference)
        if alert.acknowledged_at is not None or not is_due(alert.last_told_at, at, working_day=True):
            return False  # another person was quicker
        on = at.date()
        alert.times_told += 1
        alert.last_told_at = at
        notified = messages.write_alert(alert, receivers(alert, on), on)
        record(
            "the service",
            [Event("alert", alert.reference, "told again", after=_people(notified), on=on)],
        )
        return True


def acknowledge(reference: str, by: Person, said: str, at: datetime, on: date) -> None:
    """Acknowledge an alert as one of its receivers, with words on what they do; the chasing ends.

    Raises Refused for the person who raised it and for others who are not its receivers, NotNow once somebody
    has acknowledged it.
    """
    with transaction():
        alert = locked(Alert, reference)
        if refusal := refuse_acknowledging(alert, by, {person.id: person for person in receivers(alert, on)}):
            raise NotNow(refusal) if alert.acknowledged_by else Refused(refusal)
        acknowledgement = words(said, "Enter what you are doing about it")
        alert.acknowledgement = without_case_number(acknowledgement, alert.audit.case_reference)
        alert.acknowledged_at = at
        alert.acknowledged_by_id = by.id
        tell(alert, by, on, "acknowledged")
        raised_by, about = [alert.raised_by_id], telling.about(alert)
        telling.tell(raised_by, Happening.ALERT_TAKEN_UP, about, on, by=by.id, taken_up_by=by.name)


def refuse_acknowledging(alert: Alert, by: Person, receivers_by_id: Mapping[int, PersonFacts]) -> str | None:
    """Return why this person cannot acknowledge it, in a sentence; None when they can.

    The person who raised it cannot close it, whatever roles they have.
    """
    if alert.acknowledged_by is not None:
        return f"{alert.acknowledged_by.name} has already acknowledged this alert"
    if by.id == alert.raised_by_id:
        return "You raised this alert, so someone else must acknowledge it"
    if by.id not in receivers_by_id:
        return "Only a manager of the case’s team or a coordinator can acknowledge this alert"
    return None


def _checked_words(text: str, wanted: str, audit: Audit) -> str:
    return without_case_number(words(text, wanted), audit.case_reference)


def _people(people: list[PersonFacts]) -> str:
    return ", ".join(person.name for person in people) or "no one"
