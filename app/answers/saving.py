"""Saving what an auditor wrote in the form: all that can be saved is saved, and nobody's answer is lost.

A save is no move of the audit: it leaves the audit's version alone, so that two auditors who fill in the same
form do not get in each other's way. The first save starts the audit.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, select, update

from app import clock
from app.answers.answered import NO_SUCH_RESPONSE
from app.answers.applying import Applies
from app.answers.form import Form, FormQuestion, FormSection
from app.answers.merging import Content, Merge, merge
from app.answers.models import Answer, CompletedSection, FurtherResponse, LookedIn, SectionSetAside
from app.answers.paper_entry import may_save
from app.answers.stored_form import form_of
from app.audits import lifecycle
from app.audits.facts import facts
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.audits.moving import locked
from app.case_numbers import holds
from app.database import db, transaction
from app.history.models import HistoryRow
from app.moves.moving import tell
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import NotNow

LONGEST_TEXT = 4000

SAVED = "answers saved"
ABOVE_LIMIT = "Reason for a grade above the limit"
"""The name of the text, for its errors."""

NO_SUCH_PLACE = "Select a place from the list, which has changed since you opened this page"


class Keep(StrEnum):
    """The decision of a person who was shown a conflict."""

    MINE = "mine"
    THEIRS = "theirs"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Sent:
    """An answer as the page sent it: its content, the fingerprint of what the person saw, and their decision
    on a conflict. `fault` says why what was typed is no answer."""

    content: Content
    seen: str
    keep: Keep | None = None
    fault: str | None = None


@dataclass
class Outcome:
    """The outcome of a save, by the ids of questions (or factors). An id in none of the three was left.

    `form` is the form of a section's save after it.
    """

    written: list[int] = field(default_factory=list)
    conflicts: list[int] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)
    form: Form | None = None

    @property
    def is_whole(self) -> bool:
        """True when everything that was sent is stored."""
        return not self.conflicts and not self.faults


def refuse_saving(audit: Audit, by: Person, on: date) -> str | None:
    """Return why this person cannot write in the form of this audit on that day; None when they can."""
    if refusal := lifecycle.refuse(Move.SAVE, facts(audit, on), on, working_days()):
        return refusal
    return None if may_save(audit, by, on) else "Only an auditor of this audit can fill in the form"


@contextmanager
def filling_in(reference: str, by: Person, on: date) -> Iterator[Audit]:
    """Yield the locked audit for one save, in one transaction. Raises NotNow when it cannot be written in."""
    with transaction():
        audit = locked(reference)
        if refusal := refuse_saving(audit, by, on):
            raise NotNow(refusal)
        yield audit


def note_saved(audit: Audit, by: Person, on: date) -> None:
    """Start the audit if nobody has, and record once a day that this person saved, never what they wrote."""
    if lifecycle.refuse(Move.START, facts(audit, on), on, working_days()) is None:
        audit.started_on, audit.started_in_product = on, True
        tell(audit, by, on, "started")
    noted = select(HistoryRow.id).where(
        HistoryRow.subject_kind == "audit",
        HistoryRow.subject == audit.reference,
        HistoryRow.who == by.email,
        HistoryRow.what == SAVED,
        HistoryRow.on == on,
    )
    if not db.session.scalar(select(exists(noted))):
        tell(audit, by, on, SAVED)


def save_section(
    reference: str,
    number: int,
    by: Person,
    on: date,
    sent: Mapping[int, Sent],
    said_completed: bool | None = None,
    *,
    set_aside: bool | None = None,
) -> Outcome:
    """Save the answers of one section, its completion, and whether it is set aside for the case.

    None: the person left that as it was. Only an optional section can be set aside.
    """
    with filling_in(reference, by, on) as audit:
        form = form_of(audit)
        section = form.sections[number - 1]
        outcome = save_answers(audit, form, section.questions, sent, by)
        completes = _mark(CompletedSection, audit, section, said_completed, section.is_completed)
        aside = form.conditions.set_aside
        if sets_aside := section.is_optional and _mark(
            SectionSetAside, audit, section, set_aside, section.is_set_aside
        ):
            aside ^= {section.id}
        if outcome.written or completes or sets_aside:
            note_saved(audit, by, on)
        written = {each: sent[each].content for each in outcome.written}
        completed = {one.id for one in form.sections if one.is_completed}
        if completes:
            completed ^= {section.id}
        outcome.form = form.after(written, set_aside=aside, completed=completed)
        return outcome


def save_answers(
    audit: Audit, form: Form, questions: Iterable[FormQuestion], sent: Mapping[int, Sent], by: Person
) -> Outcome:
    """Write those of the sent answers that can be saved, in the transaction that has locked the audit."""
    outcome = Outcome()
    writing: dict[int, Content] = {}
    by_id = {question.id: question for question in questions if question.id in sent}
    for question_id, question in by_id.items():
        answer = sent[question_id]
        if answer.fault:
            outcome.faults[question_id] = answer.fault
            continue
        match resolve(answer.seen, answer.content.fingerprint, question.content.fingerprint, answer.keep):
            case Merge.CONFLICT:
                outcome.conflicts.append(question_id)
            case Merge.WRITE:
                if fault := _fault(answer.content, question, form, audit):
                    outcome.faults[question_id] = fault
                else:
                    writing[question_id] = answer.content
    if outcome.faults:
        # a question that is not asked of this case any more needs no correction
        applies = form.applies_with(writing)
        for question_id in [each for each in outcome.faults if applies[each] is not Applies.YES]:
            del outcome.faults[question_id]
    _write(audit, by_id, writing, by)
    outcome.written = list(writing)
    return outcome


def resolve(seen: str, sent: str, stored: str, keep: Keep | None) -> Merge:
    """Return the outcome of merging, after the person's decision where they were shown a conflict."""
    if keep is Keep.THEIRS or sent == stored:
        return Merge.LEAVE
    return Merge.CONFLICT if keep is Keep.UNDECIDED else merge(seen, sent, stored)


def text_fault(text: str | None, audit: Audit, name: str) -> str | None:
    """Return why a text of the form cannot be saved; None when it can. Analysts must read no case number.

    `name` is what the sentence calls the text.
    """
    if text is None:
        return None
    if len(text) > LONGEST_TEXT:
        return f"{name} must be {LONGEST_TEXT:,} characters or fewer"
    return f"{name} must not include the case number" if holds(text, audit.case_reference) else None


def _fault(content: Content, question: FormQuestion, form: Form, audit: Audit) -> str | None:
    if not content.responses <= set(question.ids.values()):
        return NO_SUCH_RESPONSE
    named = content.looked_in | ({content.found_in_id} - {None})
    if not named <= form.places.keys():
        return NO_SUCH_PLACE
    return text_fault(content.comment, audit, "Reason" if question.is_grade else "Comment") or text_fault(
        content.above_limit_because, audit, ABOVE_LIMIT
    )


def _mark(
    mark: type[CompletedSection | SectionSetAside],
    audit: Audit,
    section: FormSection,
    said: bool | None,
    is_marked: bool,
) -> bool:
    """Store what was said of the section, completed or set aside; return True when that is a change."""
    if said is None or said == is_marked:
        return False
    key = {"audit_id": audit.id, "section_id": section.id}
    if said:
        db.session.execute(insert(mark).values(**key))
    else:
        db.session.execute(delete(mark).filter_by(**key))
    return True


def _write(
    audit: Audit, questions: Mapping[int, FormQuestion], writing: Mapping[int, Content], by: Person
) -> None:
    if not writing:
        return
    connection, now = db.session.connection(), clock.now()

    def row(question_id: int, content: Content) -> dict[str, Any]:
        return {
            "its_audit": audit.id,
            "its_question": question_id,
            "response_id": content.response_id,
            "found_in_id": content.found_in_id,
            "number": content.number,
            "from_on": content.from_on,
            "to_on": content.to_on,
            "comment": content.comment,
            "above_limit_because": content.above_limit_because,
            "saved_by_id": by.id,
            "saved_at": now,
        }

    rows = {question_id: row(question_id, content) for question_id, content in writing.items()}
    changed = [values for question_id, values in rows.items() if questions[question_id].saved]
    new = [values for question_id, values in rows.items() if not questions[question_id].saved]
    if changed:
        table = Answer.__table__
        its = (table.c.audit_id == bindparam("its_audit"), table.c.question_id == bindparam("its_question"))
        connection.execute(update(Answer).where(*its).values(version=table.c.version + 1), changed)
    if new:
        connection.execute(
            insert(Answer).values(
                audit_id=bindparam("its_audit"), question_id=bindparam("its_question"), version=1
            ),
            new,
        )
    ids = dict(
        db.session.execute(
            select(Answer.question_id, Answer.id).where(
                Answer.audit_id == audit.id, Answer.question_id.in_(writing)
            )
        ).all()
    )
    looked = {ids[key]: content.looked_in for key, content in writing.items()}
    _write_beside(LookedIn, "place_id", looked)
    further = {ids[key]: content.further for key, content in writing.items() if questions[key].scale.several}
    if further:
        _write_beside(FurtherResponse, "response_id", further)


def _write_beside(table: type[LookedIn | FurtherResponse], column: str, of: Mapping[int, Set[int]]) -> None:
    """Write the rows that hang on answers (ids), in place of those that are there."""
    db.session.execute(delete(table).where(table.answer_id.in_(of)))
    rows = [{"answer_id": answer, column: id_} for answer, some in of.items() for id_ in sorted(some)]
    if rows:
        db.session.execute(insert(table), rows)
