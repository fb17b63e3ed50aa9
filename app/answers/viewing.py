"""Checking and storing the views of a second auditor, a pair or a moderator on returned answers.

The pair's own answers stay as they are. Neither responses nor reasons go into the history, which is kept when
comments are removed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.answers.answered import NO_SUCH_RESPONSE, Answered, Typed
from app.answers.models import AnswerView, FurtherViewResponse
from app.answers.side_by_side import Beside
from app.audits.models import Audit
from app.database import db
from app.moves.moving import without_case_number
from app.people.models import Person
from app.refusal import Refused
from app.tools.content import DAYS, NUMBER, RESPONSE

LONGEST_REASON = 4000
_ASKED = {RESPONSE: ("a response", "Select"), NUMBER: ("a number", "Enter"), DAYS: ("dates", "Enter")}
"""The answer that a question asks for, in errors."""


@dataclass(frozen=True)
class Change(Answered):
    """Another answer and the reason for it. `typed` is how a page sent it, `fault` why that is no answer."""

    reason: str | None = None
    typed: Typed | None = field(default=None, kw_only=True, compare=False)
    fault: str | None = field(default=None, kw_only=True)


class WrongChanges(Refused):
    """The refusal of changes that cannot be stored; `faults` says why, by the id of the question."""

    def __init__(self, faults: Mapping[int, str]) -> None:
        super().__init__(next(iter(faults.values())))
        self.faults = faults


def check(
    changes: Mapping[int, Change], asked: Collection[Beside], audit: Audit, *, must_differ: bool
) -> None:
    """Raise WrongChanges unless each change has a response of its question and a reason, and with
    `must_differ` another response than the one that counts; Refused for a question that is not asked here."""
    by_id = {beside.question.id: beside for beside in asked}
    if changes.keys() - by_id.keys():
        raise Refused("One of the questions is not on this page. Load the page again.")
    faults = {}
    for question_id, change in changes.items():
        if fault := _fault(change, by_id[question_id], audit, must_differ):
            faults[question_id] = fault
    if faults:
        raise WrongChanges(faults)


def _fault(change: Change, beside: Beside, audit: Audit, must_differ: bool) -> str | None:
    what, verb = _ASKED[beside.question.asked.answer]
    if change.fault:
        return change.fault
    if not change.responses:
        return f"{verb} {what}"
    if not change.responses <= set(beside.question.ids.values()):
        return NO_SUCH_RESPONSE
    if must_differ and change.said == beside.answered.said:
        other = what.replace("a ", "a different ", 1) if what.startswith("a ") else f"different {what}"
        return f"{verb} {other}, or delete the reason if you agree with the answer"
    if not change.reason:
        return "Enter a reason"
    if len(change.reason) > LONGEST_REASON:
        return f"Reason must be {LONGEST_REASON:,} characters or fewer"
    try:
        without_case_number(change.reason, audit.case_reference)
    except Refused as refused:
        return str(refused)
    return None


def store(changes: Mapping[int, Change], audit: Audit, whose: str, by: Person, on: date) -> None:
    """Store the changes beside the pair's answers."""
    views = {
        question_id: AnswerView(
            audit_id=audit.id,
            question_id=question_id,
            whose=whose,
            response_id=change.response_id,
            number=change.number,
            from_on=change.from_on,
            to_on=change.to_on,
            reason=change.reason,
            by_id=by.id,
            made_on=on,
        )
        for question_id, change in changes.items()
    }
    db.session.add_all(views.values())
    db.session.flush()
    db.session.add_all(
        FurtherViewResponse(view_id=views[question_id].id, response_id=response_id)
        for question_id, change in changes.items()
        for response_id in sorted(change.further)
    )
    db.session.flush()
