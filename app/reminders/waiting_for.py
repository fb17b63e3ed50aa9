"""The emails that are written already and wait for somebody who is away.

The page of scheduled emails shows them on the date on which they go.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import select

from app.database import db
from app.outbox.kinds import KINDS, Changed, Holds, Rendered, Verdict
from app.outbox.models import QUEUED, Message
from app.people.presence import PersonFacts


@dataclass(frozen=True)
class WaitingEmail:
    """An email that waits until its receiver is back, in the words that it has then."""

    to: PersonFacts
    kind: str
    rendered: Rendered


def waiting_until(
    on: date, today: date, people: Mapping[int, PersonFacts], besides: Collection[int] = ()
) -> list[WaitingEmail]:
    """Return the emails that wait today and go on a later day, the first on which their receivers are back.

    They stand by the names of these. `besides` are the ids of emails whose place a new one takes.
    """
    back = [
        each.id
        for each in people.values()
        if back_on(each, today) == on and each.has_access and not each.has_left(on)
    ]
    query = select(Message).where(
        Message.state == QUEUED, Message.recipient.in_(back), Message.id.not_in(besides)
    )
    messages = db.session.scalars(query.order_by(Message.kind, Message.id)).all() if back else []
    verdicts: dict[int, Verdict] = {}
    # looking again takes out of an email what no longer holds: that is for its own day
    looking = db.session.begin_nested()
    for kind, some in groupby(messages, key=lambda message: message.kind):
        verdicts |= KINDS[kind].recheck(list(some), on)
    looking.rollback()
    found = [
        WaitingEmail(people[message.recipient or 0], message.kind, rendered)
        for message in messages
        for rendered in _words(message, verdicts[message.id])
    ]
    return sorted(found, key=lambda email: (email.to.name, email.kind))


def back_on(person: PersonFacts, today: date) -> date | None:
    """Return the first day on which somebody who is on leave today is back; None for all others."""
    day = today
    while leave := person.leave_on(day):
        day = leave.to_on + timedelta(days=1)
    return day if day != today else None


def _words(message: Message, verdict: Verdict) -> Iterator[Rendered]:
    match verdict:
        case Changed(rendered):
            yield rendered
        case Holds():
            yield Rendered(message.subject or "", message.text or "", message.html or "")
