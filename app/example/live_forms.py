"""The forms of the example's second cycle: what its auditors answer. All of it is invented.

Answers follow from the audit's reference and the question's key, so that the example is the same every time.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from zlib import crc32

from sqlalchemy import select

from app.answers import noting, returning
from app.answers.form import FormQuestion, context_of, factors, form_of, note_of
from app.answers.merging import NOT_THERE, Content, Factor, fingerprint
from app.answers.noting import SentFactor, SentNote
from app.answers.saving import Sent, save_section
from app.answers.viewing import Change
from app.audits.models import Audit
from app.database import db
from app.people.models import Person
from app.tools.content import MET, NOT_MET
from app.tools.models import ScaleResponse

REASONS = {
    True: (
        "Says who does what by when, and was changed after the last review.",
        "Clear about home, money and work, and the young person's own aims come first.",
    ),
    False: (
        "Lists services but does not say what will be different, or by when.",
        "The plan is from before the last move and has not been updated since.",
    ),
}
"""The reasons for judging a plan good, and for judging it not good."""

HARD_TO_FIND = (
    "The last review is filed under three different headings.",
    None,
    "Health letters are in the paper file only.",
)
EXEMPLAR = (
    "The worker wrote down in the young person's own words what they want, and went back to it each month."
)
FACTORS = {"CC-002": "change of social worker", "CC-004": "social worker vacancy"}
NOMINATED = "CC-001"
BLANK = ("CC-004", "health_history")
"""An answer that a pair leaves blank."""


def fill_in(reference: str, by: Person, on: date, sections: int | None = None) -> None:
    """Fill in the first sections of a form, all of them when None, with what stands at its end."""
    audit = _audit(reference)
    form = form_of(audit)
    keys = _keys(audit)
    for section in form.sections[:sections]:
        sent = {
            question.id: Sent(
                _answer(reference, keys[question.id], question, list(form.places)),
                question.content.fingerprint,
            )
            for question in section.questions
            if (reference, keys[question.id]) != BLANK
        }
        save_section(reference, section.number, by, on, sent, said_completed=True)
    if sections is None:
        _say_context(audit, by, on)
        _say_at_the_end(audit, by, on)


def return_filled(reference: str, by: Person, on: date) -> None:
    """Let the lead return the form as it is, blanks and all."""
    form = form_of(_audit(reference))
    returning.return_checked(reference, by, on, form.seen, len(form.blanks))


def the_other_grade(reference: str, key: str, because: str) -> dict[int, Change]:
    """A judgement changed from good to requires improvement, or the other way, by the id of its question."""
    audit = _audit(reference)
    number = next(number for number, its in _keys(audit).items() if its == key)
    question = next(question for _, question in form_of(audit).questions if question.id == number)
    assert question.response is not None
    response = _response(question, met=question.response.counts_as != MET)
    return {number: Change(response.id, because)}


def _answer(reference: str, key: str, question: FormQuestion, places: Sequence[int]) -> Content:
    chance = crc32(f"{reference} {key}".encode())
    met = chance % 3 != 0
    place = places[chance // 3 % min(3, len(places))]
    return Content(
        response_id=_response(question, met=met).id,
        found_in_id=place if met else None,
        looked_in=frozenset() if met else frozenset({place}),
        comment=REASONS[met][chance % len(REASONS[met])] if question.is_grade else None,
    )


def _response(question: FormQuestion, *, met: bool) -> ScaleResponse:
    """Return the middle response of its kind: good rather than outstanding."""
    counts_as = MET if met else NOT_MET
    fitting = [response for response in question.responses if response.counts_as == counts_as]
    return fitting[-1] if met else fitting[0]


def _say_context(audit: Audit, by: Person, on: date) -> None:
    name = FACTORS.get(audit.reference)
    there = [number for number, label in factors().items() if label == name]
    stored = context_of(audit.id)
    sent = {
        number: SentFactor(Factor(is_there=True), stored.get(number, NOT_THERE).fingerprint)
        for number in there
    }
    noting.save_context(audit.reference, by, on, sent)


def _say_at_the_end(audit: Audit, by: Person, on: date) -> None:
    chance = crc32(audit.reference.encode())
    notes: Mapping[str, str | None] = {
        noting.MINUTES: str(80 + chance % 9 * 5),
        noting.HARD_TO_FIND: HARD_TO_FIND[chance % len(HARD_TO_FIND)],
        noting.EXEMPLAR: EXEMPLAR if audit.reference == NOMINATED else None,
    }
    before = note_of(audit.id)
    noting.save_end(
        audit.reference,
        by,
        on,
        {name: SentNote(text, fingerprint(noting.text_of(before, name))) for name, text in notes.items()},
    )


def _audit(reference: str) -> Audit:
    return db.session.scalars(select(Audit).where(Audit.called(reference))).one()


def _keys(audit: Audit) -> dict[int, str]:
    return {
        question.id: question.key for section in audit.cycle.tool.sections for question in section.questions
    }
