"""The moves of a worker's reply: asked for on return, given, decided; and noting a talk about an audit."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from app.answers import graded as grades
from app.answers.graded import Graded, graded
from app.answers.models import REPLIED
from app.answers.side_by_side import Beside, side_by_side
from app.answers.viewing import Change, check, store
from app.audits.facts import pair_on
from app.audits.models import Audit
from app.audits.moves import tell_pair
from app.audits.moving import locked as locked_audit
from app.audits.workers import Workers
from app.database import db, transaction
from app.moves.moving import changed_meanwhile, moving, tell, without_case_number, words
from app.news import telling
from app.news.happenings import Happening
from app.people.closures import due_in_words, working_days
from app.people.models import Person
from app.people.roles import RoleName
from app.refusal import NotNow, Refused
from app.wording import counted, in_words
from app.workers import messages
from app.workers.models import FeedbackTalk, WorkerReply
from app.workers.queries import facts, judgements, refuse_decision_of, undecided
from app.workers.reply_life import SENT_BACK, due_on, refuse_reply
from app.working_days import happened


@grades.follow
def follow_returns(audit: Audit, move: Graded, by: Person, on: date) -> None:
    """Ask the worker for a reply on return, where the cycle lets them reply; end what is open when the audit
    is sent back. Once a moderator has decided about it, moderators are told of a reply that waits: it is
    theirs now."""
    if move is Graded.SENT_BACK:
        end_open(audit, SENT_BACK, by, on)
    elif move is Graded.RETURNED:
        ask(audit, by, on)
    elif move in (Graded.MODERATED, Graded.DISPUTE_DECIDED):
        for waiting in undecided(WorkerReply.audit_id == audit.id):
            messages.write_replied(waiting, on)


def ask(audit: Audit, by: Person, on: date) -> None:
    """Ask the worker of a returned audit for a reply, if there is one who is still here and may reply."""
    worker = audit.worker
    may_reply = Workers(audit.cycle.workers).may_reply and happened(audit.returned_on, on)
    if worker is None or not may_reply or worker.has_left(on):
        return
    number = select(func.count()).select_from(WorkerReply).where(WorkerReply.audit_id == audit.id)
    reply = WorkerReply(
        reference=f"{audit.reference}-W{(db.session.scalar(number) or 0) + 1}",
        audit_id=audit.id,
        worker_id=worker.id,
        asked_on=on,
        due_on=due_on(on, working_days()),
    )
    db.session.add(reply)
    db.session.flush()
    tell(audit, by, on, "worker asked for a reply", after=f"until {due_in_words(reply.due_on)}")
    messages.write_reply(reply, on)


def end_open(audit: Audit, because: str, by: Person, on: date) -> None:
    """End the replies about an audit that nobody has decided: there is nothing to decide about any more."""
    query = select(WorkerReply).where(
        WorkerReply.audit_id == audit.id, WorkerReply.decided_on.is_(None), WorkerReply.ended_on.is_(None)
    )
    for reply in db.session.scalars(query.with_for_update()):
        reply.ended_on, reply.ended_because = on, because
        tell(reply, by, on, "no longer needed", why=because)


def reply(reference: str, said: str, by: Person, on: date, version: int | None = None) -> None:
    """Reply, once, as the worker of the case. Those who decide about it are told at once."""
    with moving(WorkerReply, reference, lambda row: refuse_reply(facts(row, on), by.id, on), version) as row:
        audit = locked_audit(row.audit.reference)
        row.reply = without_case_number(words(said, "Enter your reply"), audit.case_reference)
        row.replied_on = on
        db.session.flush()
        tell(row, by, on, "replied")
        tell(audit, by, on, "worker replied")
        messages.write_replied(row, on)


def decide(
    reference: str,
    decision: str,
    changes: Mapping[int, Change],
    by: Person,
    on: date,
    version: int | None = None,
    audit_version: int | None = None,
) -> None:
    """Decide about a reply: leave the answers, or change some, each with its reason.

    The answers before, the reply and the answers after stay. Once the cycle is frozen no answer can change.
    The versions are those that the person saw: somebody may have changed the answers, too. Raises Refused,
    NotNow and WrongChanges.
    """
    with moving(WorkerReply, reference, lambda row: refuse_decision_of(row, by, on), version) as row:
        audit = locked_audit(row.audit.reference)
        if audit_version not in (None, audit.version):
            raise changed_meanwhile(audit)
        if changes and audit.cycle.is_frozen():
            raise NotNow("The cycle of this audit is frozen, so you cannot change its answers")
        views = side_by_side(audit, on)
        check(changes, judgements(views), audit, must_differ=True)
        row.decision = without_case_number(
            words(decision, "Enter what you want to tell the worker"), audit.case_reference
        )
        row.decided_on, row.decided_by_id = on, by.id
        row.changed = {
            beside.question.key: [_said(beside, None), _said(beside, changes[beside.question.id])]
            for beside in views
            if beside.question.id in changes
        }
        store(changes, audit, REPLIED, by, on)
        what = f"{counted(len(changes), 'answer')} changed" if changes else "no answer changed"
        tell(row, by, on, "decided", after=what)
        tell(audit, by, on, "reply decided", after=what)
        telling.tell([row.worker_id], Happening.REPLY_DECIDED, telling.about(audit), on, by=by.id)
        if changes:
            tell_pair(audit, Happening.REPLY_CHANGED_GRADE, by, on)
            graded(audit, Graded.REPLY_DECIDED, by, on)


def _said(beside: Beside, change: Change | None) -> str | None:
    """Return an answer, or a change of it, in words; None for a blank."""
    return beside.question.in_words(change or beside.answered)


def refuse_talk(audit: Audit) -> str | None:
    """Return why no talk about an audit can be noted, in a sentence; None where one can."""
    if audit.worker is None or not Workers(audit.cycle.workers).are_told:
        return "This audit names no worker who was told of it"
    return None


def note_talk(reference: str, day: date, who: str, agreed: str, by: Person, on: date) -> None:
    """Note a talk about the audit with the worker: when, who took part, what was agreed."""
    with transaction():
        audit = locked_audit(reference)
        if RoleName.COORDINATOR not in by.role_names and pair_on(audit, on).part_of(by.id) is None:
            raise Refused("Only the auditors of this audit and coordinators can note a talk about it")
        if refused := refuse_talk(audit):
            raise NotNow(refused)
        if not audit.requested_on <= day <= on:
            raise Refused(f"Date of the talk must be from {in_words(audit.requested_on)} to {in_words(on)}")
        number = audit.case_reference
        db.session.add(
            FeedbackTalk(
                audit_id=audit.id,
                day=day,
                who=without_case_number(words(who, "Enter who took part"), number),
                agreed=without_case_number(words(agreed, "Enter what was agreed"), number),
                noted_by_id=by.id,
                noted_on=on,
            )
        )
        tell(audit, by, day, "talk about the audit noted")
