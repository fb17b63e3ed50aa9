"""The form of one audit as its pages show it: the questions of its tool with what is answered so far."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from app.answers.merging import BLANK, Content, Factor, tidied
from app.answers.models import (
    Answer,
    CompletedSection,
    ContextFactor,
    ContextNote,
    EvidencePlace,
    FormNote,
    LookedIn,
)
from app.audits.models import Audit
from app.database import db
from app.people.models import Person
from app.tools.content import EXCLUDED
from app.tools.models import Question, ScaleResponse, Section, Standard
from app.tools.queries import scales_of

NOT_STARTED, IN_PROGRESS, COMPLETED = "Not started", "In progress", "Completed"
REASON_MISSING = "Reason missing"


@dataclass(frozen=True)
class Saved:
    """A stored answer, with the person who saved it and the moment; None for both where a file brought it."""

    content: Content
    by: str | None
    at: datetime | None
    version: int


@dataclass(frozen=True)
class FormQuestion:
    """A question with its answer so far; `response` is None while it is not answered."""

    id: int
    text: str
    guidance: str | None
    standard: str | None
    is_grade: bool
    responses: Sequence[ScaleResponse]
    saved: Saved | None

    @property
    def content(self) -> Content:
        """Return the answer so far."""
        return self.saved.content if self.saved else BLANK

    @property
    def response(self) -> ScaleResponse | None:
        """Return the response so far."""
        return self.response_of(self.content)

    def response_of(self, content: Content) -> ScaleResponse | None:
        """Return the response that an answer gives; None where it is not one of the question's."""
        return next((response for response in self.responses if response.id == content.response_id), None)

    @property
    def lacks_reason(self) -> bool:
        """True for a judgement that was made and not reasoned; "not applicable" judges nothing."""
        response = self.response
        return (
            self.is_grade
            and response is not None
            and response.counts_as != EXCLUDED
            and self.content.comment is None
        )


@dataclass(frozen=True)
class FormSection:
    """A section: its number is its place in the form, from 1."""

    id: int
    number: int
    title: str
    questions: Sequence[FormQuestion]
    is_completed: bool

    @property
    def answered(self) -> int:
        """Return how many of its questions have a response."""
        return sum(question.response is not None for question in self.questions)

    @property
    def without_reason(self) -> Sequence[FormQuestion]:
        """Return its judgements that lack their reason."""
        return [question for question in self.questions if question.lacks_reason]

    @property
    def status(self) -> str:
        """Return its status: completed when the pair said so and each judgement has its reason; in progress
        once anything was answered in it."""
        if self.is_completed:
            return REASON_MISSING if self.without_reason else COMPLETED
        return (
            IN_PROGRESS if any(not question.content.is_blank for question in self.questions) else NOT_STARTED
        )


@dataclass(frozen=True)
class Form:
    """The questions and answers of one audit, and what the answers may choose from."""

    sections: Sequence[FormSection]
    places: Mapping[int, str]

    @property
    def questions(self) -> Iterator[tuple[FormSection, FormQuestion]]:
        """Return all questions in order, each with its section."""
        return ((section, question) for section in self.sections for question in section.questions)

    @property
    def blanks(self) -> Sequence[tuple[FormSection, FormQuestion]]:
        """Return the questions that are not answered."""
        return [(section, question) for section, question in self.questions if question.response is None]

    @property
    def without_reason(self) -> Sequence[tuple[FormSection, FormQuestion]]:
        """Return the judgements that lack their reason."""
        return [(section, question) for section, question in self.questions if question.lacks_reason]

    @property
    def total(self) -> int:
        """Return how many questions there are."""
        return sum(len(section.questions) for section in self.sections)

    @property
    def seen(self) -> int:
        """Return a number that changes with every change of an answer."""
        return sum(question.saved.version for _, question in self.questions if question.saved)

    @property
    def last_saved(self) -> Saved | None:
        """Return the latest answer that a person saved."""
        answers = [question.saved for _, question in self.questions if question.saved and question.saved.at]
        return max(answers, key=lambda answer: answer.at or datetime.min, default=None)  # noqa: DTZ901


def form_of(audit: Audit) -> Form:
    """Return the form of an audit, in a few queries however many questions there are."""
    tool_id = audit.cycle.tool_id
    scales = scales_of(tool_id)
    saved = saved_answers(audit.id)
    completed = set(
        db.session.scalars(select(CompletedSection.section_id).where(CompletedSection.audit_id == audit.id))
    )
    questions = db.session.execute(
        select(Section, Question, Standard.name)
        .join(Question, Question.section_id == Section.id)
        .outerjoin(Standard, Standard.id == Question.standard_id)
        # as of the rule in audits/agencies.py
        .where(Section.tool_id == tool_id, Question.per_case.is_(audit.is_together))
        .order_by(Section.position, Question.position)
    )
    sections = [
        FormSection(
            id=section.id,
            number=number,
            title=section.title,
            questions=[
                FormQuestion(
                    id=question.id,
                    text=question.text,
                    guidance=question.guidance,
                    standard=standard,
                    is_grade=scales[question.scale][0].is_grade,
                    responses=scales[question.scale][1],
                    saved=saved.get(question.id),
                )
                for _, question, standard in rows
            ],
            is_completed=section.id in completed,
        )
        for number, (section, rows) in enumerate(groupby(questions, key=lambda row: row[0]), start=1)
    ]
    return Form(sections, places())


def saved_answers(audit_id: int) -> dict[int, Saved]:
    """Return the stored answers, by question id."""
    looked: dict[int, set[int]] = defaultdict(set)
    looking = select(LookedIn.answer_id, LookedIn.place_id).join(Answer).where(Answer.audit_id == audit_id)
    for answer_id, place_id in db.session.execute(looking):
        looked[answer_id].add(place_id)
    query = (
        select(
            Answer.id,
            Answer.question_id,
            Answer.response_id,
            Answer.found_in_id,
            Answer.comment,
            Answer.version,
            Answer.saved_at,
            Person.name,
        )
        .outerjoin(Person, Person.id == Answer.saved_by_id)
        .where(Answer.audit_id == audit_id)
    )
    return {
        row.question_id: Saved(
            Content(row.response_id, row.found_in_id, frozenset(looked[row.id]), tidied(row.comment)),
            row.name,
            row.saved_at,
            row.version,
        )
        for row in db.session.execute(query)
    }


def places() -> dict[int, str]:
    """Return the council's places of evidence, by id, in its order."""
    query = select(EvidencePlace.id, EvidencePlace.label).order_by(EvidencePlace.position)
    return dict(db.session.execute(query).all())


def factors() -> dict[int, str]:
    """Return the council's context factors, by id, in its order."""
    query = select(ContextFactor.id, ContextFactor.label).order_by(ContextFactor.position)
    return dict(db.session.execute(query).all())


def context_of(audit_id: int) -> dict[int, Factor]:
    """Return the factors that were there in an audit's case, by the factor's id."""
    query = select(ContextNote.factor_id, ContextNote.note).where(ContextNote.audit_id == audit_id)
    return {factor_id: Factor(True, note) for factor_id, note in db.session.execute(query)}


def note_of(audit_id: int) -> FormNote:
    """Return the pair's note beside the answers; a blank one, not stored, while there is none."""
    note = db.session.get(FormNote, audit_id, populate_existing=True)
    return note or FormNote(audit_id=audit_id)
