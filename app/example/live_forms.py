"""The forms of the example's second cycle: what its auditors answer. All of it is invented.

Answers follow from the audit's reference and the question's key, so that the example is the same every time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from zlib import crc32

from sqlalchemy import select

from app.answers import noting, returning
from app.answers.applying import Applies
from app.answers.form import Form, FormQuestion, FormSection
from app.answers.merging import NOT_THERE, Content, Factor, fingerprint
from app.answers.noting import SentFactor, SentNote
from app.answers.saving import Sent, save_section
from app.answers.stored_form import form_of
from app.answers.stored_notes import context_of, factors, note_of
from app.answers.viewing import Change
from app.audits.models import Audit
from app.database import db
from app.people.closures import working_days
from app.people.models import Person
from app.tools.content import DAYS, MET, NOT_MET
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

OVERALL_REASONS = {
    True: (
        "The young person is safe, has a plan that they shaped, and knows whom to ask.",
        "Steady work by people who know the young person; the next year is thought through.",
    ),
    False: (
        "The young person is seen, but nothing has changed for them since the last review.",
        "The work follows what happens. No one has planned what comes after the 18th birthday.",
    ),
}
"""The reasons for an overall grade that is good, and for one that is not."""

INADEQUATE = "CC-004"
"""The audit with the lowest overall grade."""

INADEQUATE_BECAUSE = (
    "No one has visited since the move, and it is not known if the young person has money to live on.",
)

UNACCOMPANIED = ("CC-002",)
"""The audits for which the section about unaccompanied young people is not set aside."""

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
    for section in form_of(audit).sections[:sections]:
        # the sections before decide which questions apply
        form = form_of(audit)
        aside = section.is_optional and reference not in UNACCOMPANIED
        sent = {} if aside else _answers(reference, form, form.sections[section.number - 1], on)
        save_section(reference, section.number, by, on, sent, said_completed=True, set_aside=aside or None)
    if sections is None:
        _say_context(audit, by, on)
        _say_at_the_end(audit, by, on)


def _answers(reference: str, form: Form, section: FormSection, on: date) -> dict[int, Sent]:
    """Return the answers to the questions of a section that apply, each after those that decide it."""
    given: dict[int, Content] = {}
    for question in section.questions:
        applies = form.applies_with(given)[question.id] is Applies.YES
        if applies and (reference, question.key) != BLANK:
            given[question.id] = _answer(reference, question, list(form.places), on)
    return {
        question.id: Sent(given[question.id], question.content.fingerprint)
        for question in section.questions
        if question.id in given
    }


def return_filled(reference: str, by: Person, on: date) -> None:
    """Let the lead return the form as it is, blanks and all."""
    form = form_of(_audit(reference))
    returning.return_checked(reference, by, on, form.seen, len(form.blanks))


def the_other_grade(reference: str, key: str, because: str) -> dict[int, Change]:
    """A judgement changed from good to requires improvement, or the other way, by the id of its question."""
    question = next(question for _, question in form_of(_audit(reference)).questions if question.key == key)
    assert question.response is not None
    response = _response(question, met=question.response.counts_as != MET)
    return {question.id: Change(response.id, because)}


def _answer(reference: str, question: FormQuestion, places: Sequence[int], on: date) -> Content:
    chance = crc32(f"{reference} {question.key}".encode())
    met = chance % 3 != 0
    place = places[chance // 3 % min(3, len(places))]
    content = Content(
        found_in_id=place if met else None,
        looked_in=frozenset() if met else frozenset({place}),
    )
    if question.asked.answer == DAYS:
        return _days(question, replace(content, found_in_id=place, looked_in=frozenset()), chance, on)
    response = _response(question, met=met)
    reasons: Sequence[str] = REASONS[met]
    if question.is_overall:
        reasons = OVERALL_REASONS[met]
        if reference == INADEQUATE:
            response, reasons = question.responses[-1], INADEQUATE_BECAUSE
    reason = reasons[chance % len(reasons)] if question.is_grade else None
    return replace(content, response_id=response.id, comment=reason)


def _days(question: FormQuestion, content: Content, chance: int, on: date) -> Content:
    """Return two dates some weeks ago, from 2 to 15 working days apart."""
    calendar = working_days()
    first = calendar.offset(on, -40 - chance % 30)
    last = calendar.offset(first, 2 + chance % 14)
    distance = question.asked.days_between(first, last, calendar)
    response = question.ids[question.asked.response_to(distance)]
    return replace(content, response_id=response, number=distance, from_on=first, to_on=last)


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
