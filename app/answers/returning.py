"""Returning a form: the lead sees what is blank and lets it through; a judgement needs its reason."""

from datetime import date

from app.answers import paper_entry
from app.answers.graded import Graded, graded
from app.answers.stored_form import form_of
from app.audits.moving import locked
from app.database import transaction
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.wording import counted

CHANGED_MEANWHILE = (
    "Answers were changed while you had this page open. Check them again, then return the audit."
)
NO_REASON_ABOVE_LIMIT = "Enter the reason why the overall grade is above its limit, then return the audit"


def return_checked(reference: str, by: Person, on: date, seen: int, confirmed_blanks: int) -> None:
    """Return an audit as its lead sees it.

    Blanks are accepted when their number is confirmed: forced answers would be invented answers.

    `seen` is Form.seen of the page. Raises Refused for a judgement without a reason, for an overall grade
    above its limit without one, and for blanks that are not confirmed; NotNow when answers were changed since
    or the audit's state does not allow it.
    """
    with transaction():
        audit = locked(reference)
        form = form_of(audit)
        if form.seen != seen:
            raise NotNow(CHANGED_MEANWHILE)
        if form.without_reason:
            raise Refused("Enter a reason for each judgement, then return the audit")
        if form.above_limit and form.above_limit.lacks_reason:
            raise Refused(NO_REASON_ABOVE_LIMIT)
        if (blanks := len(form.blanks)) != confirmed_blanks:
            raise Refused(f"Confirm that you want to return the audit with {not_answered(blanks)}")
        paper_entry.return_form(reference, by, on)
        graded(audit, Graded.RETURNED, by, on)


def not_answered(blanks: int) -> str:
    """Return "1 question not answered", "3 questions not answered"."""
    return f"{counted(blanks, 'question')} not answered"
