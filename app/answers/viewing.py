"""Checking and storing the views of a second auditor, a pair or a moderator on returned answers.

The pair's own answers stay as they are. Neither responses nor reasons go into the history, which is kept when
comments are removed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from app.answers.models import AnswerView
from app.answers.side_by_side import Beside
from app.audits.models import Audit
from app.database import db
from app.moves.moving import without_case_number
from app.people.models import Person
from app.refusal import Refused
from app.wording import plural

LONGEST_REASON = 4000


@dataclass(frozen=True)
class Change:
    """A response (by its id) and the reason for it."""

    response_id: int | None
    reason: str | None


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
    if change.response_id is None:
        return "Select a response"
    if change.response_id not in {response.id for response in beside.question.responses}:
        return "Select a response from the list"
    if must_differ and beside.response is not None and change.response_id == beside.response.id:
        return "Select a different response, or delete the reason if you agree with the answer"
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
    db.session.add_all(
        AnswerView(
            audit_id=audit.id,
            question_id=question_id,
            whose=whose,
            response_id=change.response_id,
            reason=change.reason,
            by_id=by.id,
            made_on=on,
        )
        for question_id, change in changes.items()
    )
    db.session.flush()


def answers(number: int) -> str:
    """Return "1 answer", "3 answers"."""
    return f"{number} {plural(number, 'answer')}"
