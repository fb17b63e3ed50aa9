"""Agreement of the second auditor and the moderator with the answers that the pair returned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from app.answers.as_returned import AsReturned, as_returned
from app.answers.counts import judgements
from app.answers.models import MODERATED, SECOND, AnswerView, Moderation
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.standing import Standing, Standings
from app.database import db
from app.tools.queries import whole


@dataclass(frozen=True)
class Agreement:
    """The agreement on the returned audits of a cycle that count.

    Numbers count audits. Mappings count answers, by the key of the question, in the order of the tool.
    """

    returned: int
    returned_here: int
    """Those returned in the product, the only ones of which it knows what was not done."""
    confirmed: int
    """Audits that the second auditor confirmed, with or without differing answers."""
    confirmed_here: int
    """Those confirmed in the product, where the second could say where they differ."""
    unconfirmed: int
    """Audits returned in the product that have a second auditor, who did not confirm them."""
    differing: int
    """Those of the confirmed in which the second sees differently some answers that apply, or said so."""
    differing_answers: Mapping[str, int]
    moderated: int
    grade_changed: int
    """Those of the moderated in which at least one grade, the answer to a judgement, was changed."""
    changed_answers: Mapping[str, int]
    """Answers that the moderator changed."""


def _always(_question: str, _audit: int) -> bool:
    return True


def _or_then(
    now: ColumnElement[bool], kept: Mapping[int, AsReturned], then: Callable[[AsReturned], bool]
) -> ColumnElement[bool]:
    """Return a condition on audits: as it is now, or as it was in those that were sent back later."""
    if not kept:
        return now
    was = [audit_id for audit_id, returned in kept.items() if then(returned)]
    return or_(and_(now, Audit.id.not_in(kept)), Audit.id.in_(was))


def agreement(
    cycle: Cycle, standings: Standings, does_apply: Callable[[str, int], bool] = _always
) -> Agreement:
    """Return the agreement on the returns of a cycle, on the day of the standings.

    `does_apply` says of a question (key) and an audit (id) whether the question applies to its case: a view
    of an answer that does not apply any more is kept, and does not count.
    """
    on = standings.on
    counting = Audit.cycle_id == cycle.id, standings.where(Standing.RETURNED)
    kept = as_returned(standings)
    confirmed = standings.confirmed()
    confirmed_here = and_(
        confirmed, _or_then(Audit.confirmed_in_product.expression, kept, lambda r: r.is_confirmed_here)
    )
    differs = and_(confirmed, _or_then(Audit.differs.is_not(None), kept, lambda returned: returned.differs))
    decided = select(Moderation.audit_id).where(Moderation.decided_on <= on)
    moderated = _or_then(Audit.id.in_(decided), kept, lambda returned: returned.is_moderated)
    audits = db.session.execute(
        select(
            func.count().label("returned"),
            func.count(case((Audit.returned_in_product, 1))).label("returned_here"),
            func.count(case((confirmed, 1))).label("confirmed"),
            func.count(case((confirmed_here, 1))).label("confirmed_here"),
            func.count(case((standings.unconfirmed(), 1))).label("unconfirmed"),
            func.count(case((differs, 1))).label("differing"),
            func.count(case((moderated, 1))).label("moderated"),
        ).where(*counting)
    ).one()
    tool = whole(cycle.tool)
    keys = {question.id: question.key for section in tool.sections for question in section.questions}
    grades = {question.key for question in judgements(tool)}
    differing, changed = dict.fromkeys(keys.values(), 0), dict.fromkeys(keys.values(), 0)
    regraded = set()
    # the audits that differ in answers, by whether one of these applies
    in_answers: dict[bool, set[int]] = {True: set(), False: set()}
    views = (
        select(AnswerView.whose, AnswerView.question_id, AnswerView.audit_id, case((differs, 1)))
        .join(Audit, Audit.id == AnswerView.audit_id)
        .where(AnswerView.made_on <= on, AnswerView.whose.in_((SECOND, MODERATED)), *counting)
    )
    if kept:
        views = views.where(Audit.id.not_in(kept))
    rows = [tuple(row) for row in db.session.execute(views)]
    if kept:
        then = select(Audit.id, case((differs, 1))).where(Audit.id.in_(kept), *counting)
        rows += [
            (whose, question_id, audit_id, does_differ)
            for audit_id, does_differ in db.session.execute(then)
            for whose in (SECOND, MODERATED)
            for question_id in kept[audit_id].seen_otherwise(whose)
        ]
    for whose, question_id, audit_id, does_differ in rows:
        key = keys[question_id]
        applies = does_apply(key, audit_id)
        if whose == SECOND and does_differ:
            in_answers[applies].add(audit_id)
        if not applies:
            continue
        (differing if whose == SECOND else changed)[key] += 1
        if whose == MODERATED and key in grades:
            regraded.add(audit_id)
    return Agreement(
        returned=audits.returned,
        returned_here=audits.returned_here,
        confirmed=audits.confirmed,
        confirmed_here=audits.confirmed_here,
        unconfirmed=audits.unconfirmed,
        differing=audits.differing - len(in_answers[False] - in_answers[True]),
        differing_answers=differing,
        moderated=audits.moderated,
        grade_changed=len(regraded),
        changed_answers=changed,
    )
