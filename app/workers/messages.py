"""The messages of a worker's reply: `reply` asks the worker, `replied` tells those who decide. They say
neither a grade nor the case."""

from datetime import date

from sqlalchemy import select

from app.audits.workers import Workers
from app.database import db
from app.due_dates import that_counts
from app.outbox import kinds
from app.outbox.kinds import Changed, Holds, Overtaken, Rendered, Verdict
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.closures import working_days
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.roles import RoleName
from app.workers.models import WorkerReply
from app.workers.queries import facts
from app.workers.reply_life import ReplyFacts, ReplyState, is_for_moderators, refuse_decision, state

REPLY, REPLIED = "reply", "replied"


def write_reply(reply: WorkerReply, on: date) -> None:
    """Tell the worker that the audit of their case was returned, and until when they can reply.

    On any day and hour, also on leave: their working days to reply have begun.
    """
    assert reply.worker is not None
    write(
        REPLY,
        recipient=reply.worker_id,
        address=reply.worker.email,
        rendered=_rendered_reply(reply),
        why="Sent at once, because an audit of a case of theirs was returned",
        on=on,
        once=f"reply {reply.id}",
        facts={"reply": reply.id},
    )


def _rendered_reply(reply: WorkerReply) -> Rendered:
    return render(
        REPLY,
        reference=reply.audit.reference,
        theme=reply.audit.cycle.theme,
        due_on=that_counts(reply.due_on, working_days()),
    )


def recheck_reply(message: Message, on: date) -> Verdict:
    """Hold while the worker can still reply, and works here."""
    on = max(on, message.on)
    row = db.session.get(WorkerReply, message.facts["reply"], populate_existing=True)
    if row is None or state(facts(row, on), on) is not ReplyState.ASKED or not _is_asked(row):
        return Overtaken("A reply is no longer needed")
    if row.worker_id is None or everyone()[row.worker_id].has_left(on):
        return Overtaken("They have left")
    return Holds() if message.rendered_on == on else Changed(_rendered_reply(row))


def _is_asked(reply: WorkerReply) -> bool:
    """True while it is their case, and the cycle asks workers: otherwise the page is closed to them."""
    audit = reply.audit
    return audit.worker_id == reply.worker_id and Workers(audit.cycle.workers).may_reply


def write_replied(reply: WorkerReply, on: date) -> None:
    """Tell everybody who can decide about a reply, on any day and hour, that it waits for them; each once."""
    known = facts(reply, on)
    rendered = _rendered_replied(reply, known)
    deciding = [person for person in everyone().values() if _may_decide(known, person, on)]
    keys = {person.id: f"replied {reply.id} {person.id}" for person in deciding}
    told = set(db.session.scalars(select(Message.once).where(Message.once.in_(keys.values()))))
    for person in deciding:
        if keys[person.id] not in told:
            write(
                REPLIED,
                recipient=person.id,
                address=person.email,
                rendered=rendered,
                why="Sent at once, because the worker of the case replied to the audit",
                on=on,
                once=keys[person.id],
                facts={"reply": reply.id},
            )


def _may_decide(known: ReplyFacts, person: PersonFacts, on: date) -> bool:
    moderates = RoleName.MODERATOR in person.roles
    return not person.has_left(on) and not refuse_decision(known, person.id, on, is_moderator=moderates)


def _rendered_replied(reply: WorkerReply, known: ReplyFacts) -> Rendered:
    return render(
        REPLIED,
        reference=reply.audit.reference,
        for_moderators=is_for_moderators(known),
        is_frozen=reply.audit.cycle.is_frozen(),
    )


def recheck_replied(message: Message, on: date) -> Verdict:
    """Hold while it waits for a decision that the person can make."""
    on = max(on, message.on)
    row = db.session.get(WorkerReply, message.facts["reply"], populate_existing=True)
    person = everyone().get(message.recipient or 0)
    if row is None or person is None or not _may_decide(known := facts(row, on), person, on):
        return Overtaken("The reply no longer waits for them")
    return Holds() if message.rendered_on == on else Changed(_rendered_replied(row, known))


kinds.register(REPLY, 3, kinds.each(recheck_reply))
kinds.register(REPLIED, 2, kinds.each(recheck_replied))
