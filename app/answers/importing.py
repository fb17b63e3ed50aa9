"""The import of a file of answers. A blank answer is not answered: a state of its own, never a "no"."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from app.answers.council_lists import CouncilList
from app.answers.list_moves import PLACES
from app.answers.models import Answer, EvidencePlace
from app.audit_files.belongings import KnownAudit, audits_named, without_case_numbers
from app.audit_files.known import chunks
from app.audits.agencies import asks
from app.database import db, transaction
from app.files.cells import Cell, one_of, prose, text
from app.files.columns import Column, Table, looked_up
from app.files.faults import Unreadable, suggestion
from app.files.imported import Imported
from app.files.progress import Tell, silent
from app.files.reading import read
from app.files.rows import Reading, Row
from app.history.record import FROM_A_FILE, IMPORT, Event, record
from app.names import folded_reference
from app.tools.content import Scale
from app.tools.models import Question, ScaleResponse, Section, Tool

ANSWERS = Table(
    "answers",
    (
        Column("audit_reference", text(60), needed=True, fold=folded_reference),
        Column("question", text(80), needed=True),
        Column("response", text(200), expected=True),
        Column("evidence_location", looked_up),
        # what auditors wrote about a child is not for whoever reads faults
        Column("comment", prose(), secret=True),
    ),
    key=("audit_reference", "question"),
)

_FREE = ("response_id", "place", "comment")

PROGRESS_EVERY = 1_000
"""Rows between two reports of progress."""


def import_answers(path: Path, *, dry_run: bool = False, tell: Tell = silent) -> Imported:
    """Import answers; nothing when the file has a fault, or with `dry_run`.

    Audit and question are the key. A filled cell changes an existing answer, an empty one leaves it as it is.
    A frozen cycle accepts the answers of late returns alone.
    """
    places = CouncilList(PLACES)
    reading = read(path, ANSWERS.with_readers(evidence_location=places.read))
    outcome = Imported.of(reading, "answers")
    with transaction():
        audits = audits_named(reading)
        judge = _Judge(reading, audits, places)
        for number, row in enumerate(reading.rows, start=1):
            judge.judge(row, outcome)
            if number % PROGRESS_EVERY == 0:
                tell(reading.file, number)
        outcome.added, outcome.changed = len(judge.added), len(judge.changed)
        outcome.faults = without_case_numbers(reading, audits)
        outcome.warnings += places.warnings()
        if not outcome.faults and not dry_run:
            _write(judge, places)
    return outcome


@dataclass(frozen=True, slots=True)
class _FileAnswer:
    """An answer as one row gives it; `values` holds the filled cells alone."""

    audit: KnownAudit
    question: str
    question_id: int
    values: Mapping[str, Any]


class _Form:
    """A version of a tool: its questions, and the readers of their responses."""

    def __init__(self, name: str, responses: Mapping[str, Sequence[ScaleResponse]]) -> None:
        self.name = name
        self.questions: dict[str, tuple[int, str]] = {}
        """The id and the scale of each question, by its key."""
        self.per_case: set[str] = set()
        """The keys of those that are asked once per case."""
        self._ids = {scale: {each.response: each.id for each in some} for scale, some in responses.items()}
        self._readers = {scale: _reader(scale, some) for scale, some in responses.items()}

    def response_id(self, scale: str, written: str) -> int:
        """Return the id of a response of that scale. Raises Unreadable, with the choices, for others."""
        return self._ids[scale][self._readers[scale](written)]


def _reader(scale: str, responses: Sequence[ScaleResponse]) -> Callable[[Cell], str]:
    pairs = tuple((each.response, each.counts_as) for each in responses)
    return cache(one_of(*(response for response, _ in pairs), also=Scale(scale, pairs).also_written))


class _Judge:
    """The judge of the rows, with all that they are judged by, read once in a few queries."""

    def __init__(self, reading: Reading, audits: Mapping[str, KnownAudit], places: CouncilList) -> None:
        self.reading = reading
        self.audits = audits
        self.places = places
        self.forms = _forms({audit.tool_id for audit in audits.values()})
        self.known = _known([audit.id for audit in audits.values()])
        self.added: list[_FileAnswer] = []
        self.changed: list[tuple[_FileAnswer, Any]] = []

    def judge(self, row: Row, outcome: Imported) -> None:
        """Refuse the row, or note whether it adds, changes or leaves an answer."""
        answer = self._answer_of(row)
        if answer is None:
            return
        before = self.known.get((answer.audit.id, answer.question_id))
        if before is None and answer.values:
            self.added.append(answer)
        elif any(getattr(before, name) != value for name, value in answer.values.items()):
            self.changed.append((answer, before))
        else:
            outcome.unchanged += 1
            return
        if answer.audit.settled is not None:
            self.reading.refuse(answer.audit.settled, row, "audit_reference")

    def _answer_of(self, row: Row) -> _FileAnswer | None:
        audit = self.audits.get(row["audit_reference"])
        if audit is None:
            self.reading.refuse("there is no such audit", row, "audit_reference")
            return None
        self.places.refuse_case_number(self.reading, row, "evidence_location", audit)
        form, key = self.forms[audit.tool_id], row["question"]
        if key not in form.questions:
            if key is not None:
                why = f"is not a question of {form.name}"
                self.reading.refuse(f"{why}{suggestion(key, form.questions)}", row, "question")
            return None
        question_id, scale = form.questions[key]
        if not asks(per_case=key in form.per_case, is_together=audit.is_together):
            others = "the audits of agencies" if audit.is_together else "the meeting of the case"
            self.reading.refuse(f"is asked in {others}, not in this audit", row, "question")
            return None
        values = {"place": row["evidence_location"], "comment": row["comment"]}
        if row["response"] is not None:
            try:
                values["response_id"] = form.response_id(scale, row["response"])
            except Unreadable as why:
                self.reading.refuse(str(why), row, "response")
                return None
        if row.refused:
            return None
        return _FileAnswer(
            audit, key, question_id, {name: value for name, value in values.items() if value is not None}
        )


def _forms(tool_ids: Collection[int]) -> dict[int, _Form]:
    responses: dict[int, dict[str, list[ScaleResponse]]] = defaultdict(lambda: defaultdict(list))
    query = select(ScaleResponse).where(ScaleResponse.tool_id.in_(tool_ids)).order_by(ScaleResponse.position)
    for response in db.session.scalars(query):
        responses[response.tool_id][response.scale].append(response)
    forms = {
        tool.id: _Form(f"{tool.reference}, version {tool.version}", responses[tool.id])
        for tool in db.session.scalars(select(Tool).where(Tool.id.in_(tool_ids)))
    }
    questions = (
        select(Section.tool_id, Question.key, Question.id, Question.scale, Question.per_case)
        .join(Section.questions)
        .where(Section.tool_id.in_(tool_ids))
    )
    for tool_id, key, question_id, scale, per_case in db.session.execute(questions):
        forms[tool_id].questions[key] = (question_id, scale)
        if per_case:
            forms[tool_id].per_case.add(key)
    return forms


def _known(audit_ids: list[int]) -> Mapping[tuple[int, int], Any]:
    query = select(
        Answer.id,
        Answer.audit_id,
        Answer.question_id,
        Answer.response_id,
        Answer.comment,
        EvidencePlace.label.label("place"),
    ).outerjoin(EvidencePlace, EvidencePlace.id == Answer.found_in_id)
    return {
        (answer.audit_id, answer.question_id): answer
        for some in chunks(audit_ids)
        for answer in db.session.execute(query.where(Answer.audit_id.in_(some)))
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
        connection.execute(insert(Answer), rows)
    if judge.changed:
        statement = (
            update(Answer)
            .where(Answer.__table__.c.id == bindparam("its_id"))
            .values({name: bindparam(f"new_{name}") for name in ("response_id", "found_in_id", "comment")})
        )
        rows = []
        for answer, before in judge.changed:
            values = {name: answer.values.get(name, getattr(before, name)) for name in _FREE}
            columns = {f"new_{name}": value for name, value in _columns(values, ids).items()}
            rows.append({"its_id": before.id} | columns)
        connection.execute(statement, rows)
    record(IMPORT, [*_events("answers imported", judge.added)])
    record(IMPORT, [*_events("answers changed", [answer for answer, _ in judge.changed])])


def _columns(values: Mapping[str, Any], place_ids: Mapping[str, int]) -> dict[str, Any]:
    place = values.get("place")
    return {
        "response_id": values.get("response_id"),
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
