"""The import of a file of answers. A blank answer is not answered: a state of its own, never a "no"."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from app import clock
from app.answers.cells import read_answer
from app.answers.council_lists import CouncilList
from app.answers.further import further_of_answers
from app.answers.importing_moderations import COLUMNS as MODERATION
from app.answers.importing_moderations import Moderations, Pairs
from app.answers.list_moves import PLACES
from app.answers.models import Answer, EvidencePlace, FurtherResponse, SectionSetAside
from app.audit_files.audits import person
from app.audit_files.belongings import KnownAudit, audits_named, without_case_numbers
from app.audit_files.known import chunks
from app.audits.agencies import asks
from app.database import db, insert_many, transaction
from app.files.cells import Cell, prose, text
from app.files.columns import Column, Table, looked_up
from app.files.faults import Unreadable, suggestion
from app.files.imported import Imported
from app.files.progress import Tell, silent
from app.files.reading import read
from app.files.rows import Reading, Row
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.names import folded, folded_reference
from app.people.closures import working_days
from app.people.queries import addresses
from app.tools.content import CATEGORY, Asked, Scale
from app.tools.models import Section, Tool
from app.tools.queries import content_of, whole_tools
from app.wording import plural
from app.working_days import WorkingDays

ANSWERS = Table(
    "answers",
    (
        Column("audit_reference", text(60), needed=True, fold=folded_reference),
        Column("question", text(80), needed=True),
        Column("response", text(1_000), expected=True),
        Column("evidence_location", looked_up),
        # auditors' words about a child are not for whoever reads faults
        Column("comment", prose(), secret=True),
        *MODERATION,
    ),
    key=("audit_reference", "question"),
)

_GIVEN = ("response_id", "number", "from_on", "to_on")
_FREE = (*_GIVEN, "place", "comment")

_NOT_OF_SECTIONS = ("evidence_location", "comment", *(column.name for column in MODERATION))

SET_ASIDE = "section:"
"""Stands before the key of a section that is set aside, in place of a question."""

DOES_NOT_APPLY = "does not apply"
"""The response of such a row."""

PROGRESS_EVERY = 1_000
"""Rows between two reports of progress."""


def import_answers(path: Path, *, dry_run: bool = False, tell: Tell = silent) -> Imported:
    """Import answers; nothing when the file has a fault, or with `dry_run`.

    Audit and question are the key. A filled cell changes an existing answer, an empty one leaves it as it is.
    A frozen cycle accepts the answers of late returns alone.
    """
    places = CouncilList(PLACES)
    readers = {"evidence_location": places.read, "moderated_by": person(addresses())}
    reading = read(path, ANSWERS.with_readers(**readers))
    outcome = Imported.of(reading, "answers")
    with transaction():
        audits = audits_named(reading)
        judge = _Judge(reading, audits, places)
        for number, row in enumerate(reading.rows, start=1):
            judge.judge(row, outcome)
            if number % PROGRESS_EVERY == 0:
                tell(reading.file, number)
        outcome.added = len(judge.added) + len(judge.newly_set_aside)
        outcome.changed = len(judge.changed) + judge.only_moderated
        outcome.left = judge.moderations.left
        outcome.faults = without_case_numbers(reading, audits)
        outcome.warnings += [*places.warnings(), *_after_today(judge, clock.today())]
        if not outcome.faults and not dry_run:
            _write(judge, places)
    return outcome


def _after_today(judge: "_Judge", on: date) -> list[str]:
    """Return the warning about answers with a date after today, none where there is none."""
    answers = [*judge.added, *(answer for answer, _ in judge.changed)]
    later = sum((answer.values.get("to_on") or on) > on for answer in answers)
    if not later:
        return []
    has = plural(later, "answer has", "answers have")
    return [f"{later:,} {has} a date after today. A planned date does not show that something happened."]


@dataclass(frozen=True, slots=True)
class _FileAnswer:
    """An answer as one row gives it; `values` holds the filled cells alone."""

    audit: KnownAudit
    question: str
    question_id: int
    values: Mapping[str, Any]
    further: frozenset[int] | None
    """The ids of further responses; None where the row has no response."""


class _Form:
    """A version of a tool: its questions and sections, and the readers of their answers."""

    def __init__(self, tool: Tool, days: WorkingDays) -> None:
        content = content_of(tool)
        ids = {question.key: question.id for section in tool.sections for question in section.questions}
        self.name = f"{tool.reference}, version {tool.version}"
        self.questions = {asked.key: (ids[asked.key], asked) for asked in content.questions()}
        """The id and the content of each question, by its key."""
        self.sections = {section.key: section for section in tool.sections if section.key}
        self._responses = {(row.scale, row.response): row.id for row in tool.responses}
        self._categories = {asked.key for asked in content.questions() if content.kind_of(asked) == CATEGORY}
        self._readers = {
            asked.key: cache(partial(self._given, asked, scale, days))
            for asked in content.questions()
            if (scale := content.scale_of(asked))
        }

    def is_category(self, key: str) -> bool:
        """Return True for a question that asks for a category."""
        return key in self._categories

    def read(self, key: str, cell: Cell) -> tuple[Mapping[str, Any], frozenset[int]]:
        """Return the columns of the answer in a cell, and the ids of its further responses.

        Raises Unreadable, with what it must be.
        """
        return self._readers[key](cell)

    def _given(
        self, asked: Asked, scale: Scale, days: WorkingDays, cell: Cell
    ) -> tuple[Mapping[str, Any], frozenset[int]]:
        given = read_answer(asked, scale, cell, days)
        first, *further = (self._responses[scale.name, response] for response in given.responses)
        columns = {"number": given.number, "from_on": given.from_on, "to_on": given.to_on}
        return columns | {"response_id": first}, frozenset(further)


class _Judge:
    """The judge of the rows, with all that they are judged by, read once in a few queries."""

    def __init__(self, reading: Reading, audits: Mapping[str, KnownAudit], places: CouncilList) -> None:
        self.reading = reading
        self.audits = audits
        self.places = places
        self.forms = _forms({audit.tool_id for audit in audits.values()})
        ids = [audit.id for audit in audits.values()]
        self.known = _known(ids)
        self.further = _further(ids)
        self.set_aside = _set_aside(ids)
        self.moderations = Moderations(reading, audits)
        self.only_moderated = 0
        """The number of rows that change the moderation alone."""
        self.newly_set_aside: list[tuple[KnownAudit, Section]] = []
        self.added: list[_FileAnswer] = []
        self.changed: list[tuple[_FileAnswer, Any]] = []

    def judge(self, row: Row, outcome: Imported) -> None:
        """Refuse the row, or note whether it adds, changes or leaves an answer."""
        if (row["question"] or "").startswith(SET_ASIDE):
            self._judge_section(row, outcome)
            return
        answer = self._answer_of(row)
        if answer is None:
            return
        before = self.known.get((answer.audit.id, answer.question_id))
        is_moderated = self._is_moderated(row, answer, before)
        if before is None and answer.values:
            self.added.append(answer)
        elif before is not None and self._differs(answer, before):
            self.changed.append((answer, before))
        elif is_moderated:
            self.only_moderated += 1
        else:
            outcome.unchanged += 1
            return
        if answer.audit.settled is not None:
            self.reading.refuse(answer.audit.settled, row, "audit_reference")

    def _is_moderated(self, row: Row, answer: _FileAnswer, before: Any) -> bool:
        """Return whether the row changes how its answer was moderated; refuse it where that cannot be."""
        form = self.forms[answer.audit.tool_id]
        columns = {name: answer.values.get(name, getattr(before, name, None)) for name in _GIVEN}
        further = answer.further
        if further is None:
            further = frozenset() if before is None else self.further.get(before.id, frozenset())
        pairs = Pairs(
            answer.question_id, answer.question, form.is_category(answer.question), columns, further
        )
        return self.moderations.judge(row, answer.audit, pairs, form.read)

    def _differs(self, answer: _FileAnswer, before: Any) -> bool:
        known = self.further.get(before.id, frozenset())
        if answer.further is not None and answer.further != known:
            return True
        return any(getattr(before, name) != value for name, value in answer.values.items())

    def _judge_section(self, row: Row, outcome: Imported) -> None:
        """Refuse a row that sets a section aside, or note it."""
        audit = self._audit_of(row)
        if audit is None or row.refused:
            return
        form, key = self.forms[audit.tool_id], row["question"].removeprefix(SET_ASIDE)
        section = form.sections.get(key)
        if section is None or not section.optional:
            optional = [f"{SET_ASIDE}{name}" for name, part in form.sections.items() if part.optional]
            why = f"is not an optional section of {form.name}{suggestion(row['question'], optional)}"
            self.reading.refuse(why, row, "question")
        elif folded(row["response"] or "") != folded(DOES_NOT_APPLY):
            self.reading.refuse(f"must be “{DOES_NOT_APPLY}” for a section", row, "response")
        elif any(row[name] for name in _NOT_OF_SECTIONS):
            why = "is set aside, so it has no place, no comment and no moderation"
            self.reading.refuse(why, row, "question")
        elif (audit.id, section.id) in self.set_aside:
            outcome.unchanged += 1
        elif audit.settled is not None:
            self.reading.refuse(audit.settled, row, "audit_reference")
        else:
            self.newly_set_aside.append((audit, section))

    def _audit_of(self, row: Row) -> KnownAudit | None:
        audit = self.audits.get(row["audit_reference"])
        if audit is None:
            self.reading.refuse("there is no such audit", row, "audit_reference")
            return None
        self.places.refuse_case_number(self.reading, row, "evidence_location", audit)
        return audit

    def _answer_of(self, row: Row) -> _FileAnswer | None:
        audit = self._audit_of(row)
        if audit is None:
            return None
        form, key = self.forms[audit.tool_id], row["question"]
        if key not in form.questions:
            if key is not None:
                why = f"is not a question of {form.name}"
                self.reading.refuse(f"{why}{suggestion(key, form.questions)}", row, "question")
            return None
        question_id, asked = form.questions[key]
        if not asks(per_case=asked.per_case, is_together=audit.is_together):
            others = "the audits of agencies" if audit.is_together else "the meeting of the case"
            self.reading.refuse(f"is asked in {others}, not in this audit", row, "question")
            return None
        values = {"place": row["evidence_location"], "comment": row["comment"]}
        values = {name: value for name, value in values.items() if value is not None}
        further = None
        if row["response"] is not None:
            try:
                given, further = form.read(key, row["response"])
                values |= given
            except Unreadable as why:
                self.reading.refuse(str(why), row, "response")
                return None
        if row.refused:
            return None
        return _FileAnswer(audit, key, question_id, values, further)


def _forms(tool_ids: Collection[int]) -> dict[int, _Form]:
    days = working_days()
    return {tool.id: _Form(tool, days) for tool in whole_tools(tool_ids)}


def _known(audit_ids: list[int]) -> Mapping[tuple[int, int], Any]:
    query = select(
        Answer.id,
        Answer.audit_id,
        Answer.question_id,
        Answer.response_id,
        Answer.number,
        Answer.from_on,
        Answer.to_on,
        Answer.comment,
        EvidencePlace.label.label("place"),
    ).outerjoin(EvidencePlace, EvidencePlace.id == Answer.found_in_id)
    return {
        (answer.audit_id, answer.question_id): answer
        for some in chunks(audit_ids)
        for answer in db.session.execute(query.where(Answer.audit_id.in_(some)))
    }


def _further(audit_ids: list[int]) -> Mapping[int, frozenset[int]]:
    """Return the ids of the further responses, by answer."""
    return {id_: its for some in chunks(audit_ids) for id_, its in further_of_answers(some).items()}


def _set_aside(audit_ids: list[int]) -> set[tuple[int, int]]:
    query = select(SectionSetAside.audit_id, SectionSetAside.section_id)
    return {
        (audit_id, section_id)
        for some in chunks(audit_ids)
        for audit_id, section_id in db.session.execute(query.where(SectionSetAside.audit_id.in_(some)))
    }


def _write(judge: _Judge, places: CouncilList) -> None:
    written = [*judge.added, *(changed for changed, _ in judge.changed)]
    ids = places.with_new({answer.values["place"] for answer in written if "place" in answer.values})
    connection = db.session.connection()
    if judge.added:
        rows = [
            {"audit_id": answer.audit.id, "question_id": answer.question_id} | _columns(answer.values, ids)
            for answer in judge.added
        ]
        insert_many(Answer.__table__, rows)
    if judge.changed:
        statement = (
            update(Answer)
            .where(Answer.__table__.c.id == bindparam("its_id"))
            .values({name: bindparam(f"new_{name}") for name in (*_GIVEN, "found_in_id", "comment")})
        )
        rows = []
        for answer, before in judge.changed:
            values = {name: answer.values.get(name, getattr(before, name)) for name in _FREE}
            columns = {f"new_{name}": value for name, value in _columns(values, ids).items()}
            rows.append({"its_id": before.id} | columns)
        connection.execute(statement, rows)
    _write_further(judge)
    judge.moderations.write()
    aside = [{"audit_id": audit.id, "section_id": section.id} for audit, section in judge.newly_set_aside]
    if aside:
        insert_many(SectionSetAside.__table__, aside)
    record(
        IMPORT,
        [
            Event("audit", audit.reference, "section set aside", after=section.title, why=FROM_A_FILE)
            for audit, section in judge.newly_set_aside
        ],
    )
    record(IMPORT, [*_events("answers imported", judge.added)])
    record(IMPORT, [*_events("answers changed", [answer for answer, _ in judge.changed])])


def _write_further(judge: _Judge) -> None:
    """Write the further responses of the answers, in place of those that changed answers had."""
    connection = db.session.connection()
    gone = [
        before.id
        for answer, before in judge.changed
        if answer.further is not None and before.id in judge.further
    ]
    for some in chunks(gone):
        connection.execute(delete(FurtherResponse).where(FurtherResponse.answer_id.in_(some)))
    several = [answer for answer in judge.added if answer.further]
    several += [answer for answer, _ in judge.changed if answer.further]
    ids = {
        (row.audit_id, row.question_id): row.id
        for some in chunks(sorted({answer.audit.id for answer in several}))
        for row in connection.execute(
            select(Answer.id, Answer.audit_id, Answer.question_id).where(Answer.audit_id.in_(some))
        )
    }
    rows = [
        {"answer_id": ids[answer.audit.id, answer.question_id], "response_id": response_id}
        for answer in several
        for response_id in answer.further or ()
    ]
    if rows:
        insert_many(FurtherResponse.__table__, rows)


def _columns(values: Mapping[str, Any], place_ids: Mapping[str, int]) -> dict[str, Any]:
    place = values.get("place")
    return {name: values.get(name) for name in _GIVEN} | {
        "found_in_id": None if place is None else place_ids[place],
        "comment": values.get("comment"),
    }


def _events(what: str, answers: Collection[_FileAnswer]) -> list[Event]:
    """Return one event for each audit. It names questions but no answer: line managers read the history."""
    questions: dict[str, list[str]] = defaultdict(list)
    for answer in answers:
        questions[answer.audit.reference].append(answer.question)
    return [
        Event("audit", reference, what, after=", ".join(keys), why=FROM_A_FILE)
        for reference, keys in questions.items()
    ]
