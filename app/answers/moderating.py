"""Moderating a returned audit: a third person agrees with its answers or changes some of them."""

from collections.abc import Mapping
from datetime import date

from app.answers import moderation
from app.answers.models import MODERATED, Moderation
from app.answers.moderation import Grade, refuse_moderator
from app.answers.side_by_side import SideBySide, moderation_facts, side_by_side
from app.answers.viewing import Change, answers, check, store
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.audits.moving import moving
from app.database import db
from app.moves.moving import tell, without_case_number
from app.people.models import Person
from app.refusal import NotNow
from app.tools.content import EXCLUDED


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
    """Agree with a return, or change answers of it (by question), each with its reason. What is changed
    counts from that day; the pair's own answers stay beside it, and the pair finds it on their first page,
    with what the moderator wants to say to them (`said`).

    Raises NotNow when it is not theirs to moderate or not possible now, WrongChanges for a change that lacks
    something.
    """
    with moving(reference, Move.MODERATE, on, version) as audit:
        if refused := refuse_moderator(moderation_facts(audit), by.id, on):
            raise NotNow(refused)
        given = side_by_side(audit, on)
        check(changes, list(given), audit, must_differ=True)
        said = without_case_number(said or "", audit.case_reference) or None
        db.session.add(
            Moderation(
                audit_id=audit.id,
                chosen_because=_because(audit, given),
                moderator_id=by.id,
                decided_on=on,
                outcome=moderation.CHANGED if changes else moderation.AGREED,
                reason=said,
                read_before_grade=read_before_grade,
            )
        )
        store(changes, audit, MODERATED, by, on)
        outcome = f"{answers(len(changes))} changed" if changes else "all answers agreed"
        tell(audit, by, on, "moderated", after=outcome)


def _because(audit: Audit, given: SideBySide) -> str:
    """Return why it was moderated: what put it into the queue, or somebody's own choice."""
    cycle = audit.cycle
    found = moderation.chosen_because(grades(given), cycle.reference, audit.reference, cycle.moderated_share)
    return found or moderation.BY_HAND


def grades(given: SideBySide) -> list[Grade]:
    """The grades of an audit, by the answers that count."""
    found = []
    for beside in given:
        counted = [each.id for each in beside.question.responses if each.counts_as != EXCLUDED]
        if beside.question.is_judgement and beside.response is not None and beside.response.id in counted:
            found.append(Grade(counted.index(beside.response.id) + 1, len(counted)))
    return found
