"""Moderating a returned audit: a third person agrees with its answers or changes some of them."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from app.answers import moderation
from app.answers.graded import Graded, follow, graded
from app.answers.models import MODERATED, Moderation
from app.answers.moderation import Grade, refuse_moderator
from app.answers.moderation_queue import has_more_than_categories
from app.answers.side_by_side import SideBySide, moderation_facts, side_by_side
from app.answers.viewing import Change, check, store
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.audits.moves import tell_pair
from app.audits.moving import moving
from app.database import db
from app.moves.moving import tell, without_case_number
from app.news import telling
from app.news.happenings import Happening
from app.news.models import News
from app.people.models import Person
from app.people.queries import everyone
from app.people.roles import RoleName
from app.refusal import NotNow
from app.tools.content import EXCLUDED
from app.wording import counted


def moderate(
    reference: str,
    by: Person,
    on: date,
    changes: Mapping[int, Change],
    *,
    said: str | None = None,
    read_before_grade: bool,
    version: int | None = None,
) -> None:
    """Agree with a return, or change answers of it (by question id), each with its reason.

    A changed answer counts from that day; the pair's own stays beside it. The pair finds the moderation on
    their first page, with the moderator's message to them (`said`).

    Raises NotNow when this person may not moderate it or the audit's state does not allow it, WrongChanges
    for a change without a response or a reason.
    """
    with moving(reference, Move.MODERATE, on, version) as audit:
        if refused := refuse_moderator(moderation_facts(audit), by.id, on):
            raise NotNow(refused)
        views = side_by_side(audit, on)
        check(changes, views.to_moderate, audit, must_differ=True)
        said = without_case_number(said or "", audit.case_reference) or None
        db.session.add(
            Moderation(
                audit_id=audit.id,
                chosen_because=_because(audit, views),
                moderator_id=by.id,
                decided_on=on,
                outcome=moderation.CHANGED if changes else moderation.AGREED,
                reason=said,
                read_before_grade=read_before_grade,
                in_product=True,
            )
        )
        store(changes, audit, MODERATED, by, on)
        outcome = f"{counted(len(changes), 'answer')} changed" if changes else "all answers agreed"
        tell(audit, by, on, "moderated", after=outcome)
        if changes:
            tell_pair(audit, Happening.GRADE_CHANGED, by, on)
        graded(audit, Graded.MODERATED, by, on)


def _because(audit: Audit, views: SideBySide) -> str:
    """Return the reason for moderating it: what put it into the queue, or the moderator's own choice."""
    reason = _queued_because(audit, views)
    return moderation.LOWEST if reason == moderation.RESPONSE else reason or moderation.BY_HAND


def _queued_because(audit: Audit, views: SideBySide) -> str | None:
    cycle = audit.cycle
    calls = audit.returned_in_product and any(beside.calls_for_response for beside in views.applying)
    return moderation.chosen_because(
        grades(views), cycle.reference, audit.reference, cycle.moderated_share, calls_for_response=calls
    )


@follow
def tell_moderators(audit: Audit, move: Graded, by: Person, on: date) -> None:
    """Tell the moderators who may moderate a return, as news, that it waits; once for each return."""
    if move in (Graded.MODERATED, Graded.SENT_BACK) or not has_more_than_categories(audit.cycle.tool):
        return
    known = moderation_facts(audit)
    may = [
        person.id
        for person in everyone().values()
        if RoleName.MODERATOR in person.roles
        and not person.has_left(on)
        and not refuse_moderator(known, person.id, on)
    ]
    if may and _queued_because(audit, side_by_side(audit, on)) is not None:
        told = db.session.scalars(
            select(News.person_id).where(
                News.what == Happening.TO_MODERATE.value,
                News.about_kind == audit.kind,
                News.about_id == audit.id,
                News.made_on >= audit.returned_on,
            )
        )
        telling.tell(set(may).difference(told), Happening.TO_MODERATE, telling.about(audit), on, by=by.id)


def grades(views: SideBySide) -> list[Grade]:
    """Return the grades of an audit that the queue goes by: the overall grade of a tool that has one, else
    all that apply, by the answers that count."""
    graded = [beside for beside in views.applying if beside.question.is_grade]
    overall = [beside for beside in graded if beside.question.is_overall]
    places = ((beside.question.scale.answers, beside.response) for beside in overall or graded)
    return [
        Grade(answers.index(response.response) + 1, len(answers))
        for answers, response in places
        if response is not None and response.counts_as != EXCLUDED
    ]
