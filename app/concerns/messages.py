"""The message `alert`: a child may be at risk now. It goes on any day and hour, and before all others."""

from collections.abc import Sequence
from datetime import date

from app.concerns.duty_team import duty_team
from app.concerns.models import Alert
from app.concerns.receivers import receivers_of
from app.database import db
from app.outbox import kinds
from app.outbox.kinds import Holds, Overtaken, Rendered, Verdict
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.reaching import reach

KIND = "alert"
BEFORE_ALL_OTHERS = -1
WHY_AT_ONCE = "Sent at once to managers and coordinators, because an auditor is worried about a child"
WHY_AGAIN = "Sent again, because no one has acknowledged an auditor’s worry about a child"


def write_alert(alert: Alert, receivers: Sequence[PersonFacts], on: date) -> list[PersonFacts]:
    """Write one message to each receiver, once for each time the alert is sent. Returns the receivers."""
    rendered = _rendered(alert, on)
    for person in receivers:
        write(
            KIND,
            recipient=person.id,
            address=person.email,
            rendered=rendered,
            why=WHY_AT_ONCE if alert.times_told == 1 else WHY_AGAIN,
            on=on,
            once=key(alert, person.id, alert.times_told),
            facts={"alert": alert.id, "time": alert.times_told},
        )
    return list(receivers)


def key(alert: Alert, person_id: int, time: int) -> str:
    """Return the key of one message: the alert, the person, and the number of the sending, from 1."""
    return f"alert {alert.id} {person_id} {time}"


def _rendered(alert: Alert, on: date) -> Rendered:
    return render(
        KIND,
        alert=alert.reference,
        audit=alert.audit.reference,
        by=alert.raised_by.name,
        by_named=reach(everyone()[alert.raised_by_id], on),
        duty_team=duty_team(),
        raised_at=alert.raised_at,
        again=alert.times_told > 1,
    )


def recheck(message: Message, on: date) -> Verdict:
    """Hold, leave or not, while nobody has acknowledged the alert and the person is one of its receivers."""
    alert = db.session.get(Alert, message.facts["alert"], populate_existing=True)
    if alert is None or alert.acknowledged_at is not None:
        return Overtaken("Someone has acknowledged the alert")
    receivers = receivers_of(alert.audit.team_id, everyone().values(), max(on, message.on))
    if message.recipient not in {person.id for person in receivers}:
        return Overtaken("They are no longer a manager of the case’s team or a coordinator")
    if message.facts["time"] < alert.times_told:
        return Overtaken("A newer email about the alert was sent")
    return Holds()


kinds.register(KIND, BEFORE_ALL_OTHERS, kinds.each(recheck))
