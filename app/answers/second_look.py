"""The second look at what the lead returned: confirming it, agreeing where they differ, sending it back."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import flag_modified

from app.answers.as_returned import rows_of
from app.answers.disputes import decided
from app.answers.graded import Graded, graded
from app.answers.models import AGREED, REPLIED, SECOND, AnswerView, Moderation
from app.answers.moderation import refuse_agreeing
from app.answers.side_by_side import moderation_facts, side_by_side
from app.answers.viewing import Change, check, store
from app.answers.what_applies import has_conditions
from app.audits import moves
from app.audits.cycle import Cycle
from app.audits.facts import facts, pair_on
from app.audits.models import Assignment, Audit
from app.audits.moving import locked
from app.audits.standing import held_on
from app.database import db, transaction
from app.history import documents
from app.moves.moving import changed_meanwhile, tell
from app.news.happenings import Happening
from app.news.telling import take_back
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.wording import counted
from app.working_days import happened


def confirm(
    reference: str, by: Person, on: date, differing: Mapping[int, Change], version: int | None = None
) -> None:
    """Confirm as the second auditor what the lead returned, save the answers (by id) that they see
    differently.

    Both views are kept; the second's own never counts until the pair agrees. Raises WrongChanges for an
    answer without response or reason, or with the lead's own response.
    """
    with transaction():
        audit = locked(reference)
        check(differing, side_by_side(audit, on).applying, audit, must_differ=True)
        differs = f"disagreed with {counted(len(differing), 'answer')}" if differing else None
        moves.confirm(reference, by, on, differs, version)
        store(differing, audit, SECOND, by, on)


def agree(
    reference: str, by: Person, on: date, agreed: Mapping[int, Change], version: int | None = None
) -> None:
    """Record as one of the pair what the two agreed, answer by answer where they differed.

    From now on that counts; the answer that was returned stays beside it. Raises WrongChanges, NotNow and
    Refused.
    """
    with transaction():
        audit = locked(reference)
        if version is not None and version != audit.version:
            raise changed_meanwhile(audit)
        if pair_on(audit, on).part_of(by.id) is None:
            raise Refused("Only the two auditors of this audit can record what they agreed")
        if refused := refuse_to_agree(audit, on):
            raise NotNow(refused)
        if not agreed:
            raise Refused("Select a response for at least one answer that you agreed on")
        check(agreed, side_by_side(audit, on).to_agree, audit, must_differ=False)
        store(agreed, audit, AGREED, by, on)
        tell(audit, by, on, "agreed", after=f"on {counted(len(agreed), 'answer')}")
        if not answers_to_agree(audit, on):
            take_back([Happening.SECOND_DIFFERS], audit.kind, audit.id)
        graded(audit, Graded.AGREED, by, on)
        # a change of what hangs on the audit counts as a change of it, too
        flag_modified(audit, "reference")
        db.session.flush()


def refuse_to_agree(audit: Audit, on: date) -> str | None:
    """Return why there is nothing for the pair to agree on, in one sentence; None when there is."""
    if not happened(facts(audit, on).returned_on, on):
        return "This audit has not been returned, so there is nothing to agree on yet"
    if refused := refuse_agreeing(moderation_facts(audit), on):
        return refused
    if not side_by_side(audit, on).to_agree:
        return "There are no answers that the two of you disagree on"
    return None


def answers_to_agree(audit: Audit, on: date) -> int:
    """Count the answers that the second sees differently and that are neither agreed nor decided by a
    moderator."""
    known = facts(audit, on)
    if not happened(known.returned_on, on) or not happened(known.confirmed_on, on):
        return 0
    decided_on = moderation_facts(audit).moderators_decided_on
    return 0 if happened(decided_on, on) else len(side_by_side(audit, on).to_agree)


def waiting_to_agree(person_id: int, on: date) -> list[str]:
    """Return the references of this auditor's audits in which the pair can still agree on an answer that the
    second sees differently."""
    query = _to_agree(on).join(Assignment, Assignment.audit_id == Audit.id)
    return _references(query.where(Assignment.person_id == person_id, held_on(on)), on)


def waiting_to_agree_in(cycle_id: int, on: date) -> list[str]:
    """Return the references of all such audits of a cycle."""
    return _references(_to_agree(on).where(Audit.cycle_id == cycle_id), on)


def _references(query: Select[str, int, int], on: date) -> list[str]:
    """Return the references of the audits; where questions have conditions, of those in which one to agree on
    applies."""
    rows = db.session.execute(query).all()
    conditional = {tool_id for tool_id in {row[2] for row in rows} if has_conditions(tool_id)}

    def has_any(audit_id: int) -> bool:
        return bool(side_by_side(db.session.get_one(Audit, audit_id), on).to_agree)

    return [
        reference for reference, audit_id, tool_id in rows if tool_id not in conditional or has_any(audit_id)
    ]


def _to_agree(on: date) -> Select[str, int, int]:
    agreed = aliased(AnswerView)
    is_agreed = exists().where(
        agreed.audit_id == AnswerView.audit_id,
        agreed.question_id == AnswerView.question_id,
        agreed.whose.in_((AGREED, REPLIED)),
    )
    return (
        select(Audit.reference, Audit.id, Cycle.tool_id)
        .join(AnswerView, AnswerView.audit_id == Audit.id)
        .join(Cycle, Cycle.id == Audit.cycle_id)
        .where(
            AnswerView.whose == SECOND,
            AnswerView.made_on <= on,
            ~is_agreed,
            ~exists().where(Moderation.audit_id == Audit.id),
            ~decided(),
            ~Cycle.frozen_by(on),
        )
        .distinct()
        .order_by(Audit.reference)
    )


def send_back(
    reference: str, by: Person, on: date, because: str, due_on: date, version: int | None = None
) -> None:
    """Send a return back, and keep what it was returned with; the other views of its answers are deleted,
    since the answers will change."""
    with transaction():
        kept = rows_of(locked(reference))
        moves.send_back(reference, by, on, because, due_on, version)
        audit = locked(reference)
        audit.returns[-1].kept = kept
        documents.seal(
            audit.returns[-1], f"answers that audit {audit.reference} was returned with", who=by.email
        )
        graded(audit, Graded.SENT_BACK, by, on)
        of_audit = AnswerView.audit_id == audit.id
        views = db.session.scalar(select(func.count()).select_from(AnswerView).where(of_audit)) or 0
        moderation = db.session.get(Moderation, audit.id)
        if not views and moderation is None:
            return
        db.session.execute(delete(AnswerView).where(of_audit))
        before = [counted(views, "changed answer")] if views else []
        if moderation is not None:
            before.append("moderation")
            db.session.delete(moderation)
        tell(audit, by, on, "removed", before=" and ".join(before), why="the audit was sent back")
