"""A frozen cycle with a word of its own in every text, to be looked for after the removal."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Table, insert, select, update

from app.answers import as_returned
from app.answers.models import ContextFactor
from app.audits.cycle import Cycle
from app.audits.models import Audit, Return
from app.audits.parts import LEAD
from app.audits.workers import WORKER_NAMED
from app.database import Moment, db, transaction
from app.findings import freezing
from app.history import documents
from app.history.record import Event, record
from app.moves.models import TypedText
from app.news.models import News
from app.outbox.kinds import Rendered
from app.outbox.models import SENT, MessageItem
from app.outbox.writing import write
from app.people.models import Person
from app.retention.texts import OF_A_CYCLE, Text
from app.tools.models import Question, ScaleResponse
from tests.factories import a_cycle, a_person, a_team, an_audit

CLOSED, REPORTED = date(2010, 11, 26), date(2010, 12, 22)
ON = date(2013, 1, 7)

OTHER_VALUES: Mapping[str, tuple[Any, ...]] = {
    "answer_views.whose": ("second", "moderated"),
    "moderations.chosen_because": ("lowest",),
    "moderations.outcome": ("changed",),
    "assignments.part": (LEAD,),
    "assignments.ended_on": (CLOSED,),
    "assignments.ended_because": ("declined",),
    "chases.channel": ("phone",),
    "chases.struck_on": (None,),
    "calls_made.obligation_kind": ("remedy",),
    "calls_made.channel": ("phone",),
    "held_items.obligation_kind": ("audit",),
    "draws.method": ("random",),
    "remedies.done_on": (CLOSED,),
    "called_responses.answered_on": (CLOSED,),
    "called_responses.decided_on": (CLOSED,),
    "called_responses.questions": (["child_seen"],),
    "worker_replies.replied_on": (CLOSED,),
    "worker_replies.decided_on": (CLOSED,),
    "worker_replies.changed": ({},),
    "alerts.acknowledged_at": (datetime(2010, 11, 26, 12, tzinfo=UTC),),
    "returns.kept": (None,),
    "drawn_cases.stands_in_for_id": (None,),
    "drawn_cases.is_chosen": (True, False),
}


@dataclass
class Canaries:
    """The words that must be gone, each with where it was; `kept` are those that must be there."""

    gone: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def word(self, where: str) -> str:
        """Return a new word for a place."""
        word = f"canary{next(self._numbers):07}x"
        self.gone[word] = where
        return word


@dataclass
class Scene:
    """The cycle and its canaries."""

    cycle: Cycle
    canaries: Canaries
    workers: list[Person]


def a_cycle_of_canaries(audits: int) -> Scene:
    """Make a cycle of so many audits with a canary in each of its texts, closed, frozen and reported."""
    canaries = Canaries()
    lead, second = a_person("Lea Lead"), a_person("Sec Second")
    workers = [a_person("Wanda Worker", roles=["practitioner"]), a_person("Willy Worker", roles=[])]
    cycle = a_cycle(workers="may reply")
    a_team("Nantwich")
    with transaction():
        db.session.add(ContextFactor(label="A vacancy", position=1))
    for number in range(audits):
        an_audit(
            f"CP-{number:04}",
            cycle=cycle,
            case_reference=canaries.word("audits.case_reference"),
            lead=lead,
            second=second,
            returned_on=date(2010, 11, 12),
            worker=workers[number % 2],
        )
    maker = _Maker(canaries, lead.id, workers, cycle)
    with transaction():
        maker.fill()
        cycle = db.session.get_one(Cycle, cycle.id)
        coordinator = a_person("Cora", roles=["coordinator"])
        db.session.flush()
        freezing.close(cycle, cut_off_on=None, by=coordinator, on=CLOSED)
        cycle.reported_on = REPORTED
    return Scene(db.session.get_one(Cycle, cycle.id), canaries, workers)


class _Maker:
    def __init__(self, canaries: Canaries, person_id: int, workers: list[Person], cycle: Cycle) -> None:
        self.canaries, self.person_id, self.cycle_id = canaries, person_id, cycle.id
        self.workers = [worker.id for worker in workers]
        self.history: list[tuple[str, list[Event]]] = []
        self.questions = db.session.scalars(select(Question.id)).all()
        self.responses = db.session.scalars(select(ScaleResponse.id).order_by(ScaleResponse.id)).all()
        self.audits = db.session.execute(
            select(Audit.id, Audit.reference).where(Audit.cycle_id == cycle.id).order_by(Audit.id)
        ).all()
        self.texts: dict[str, list[Text]] = {}
        for text in OF_A_CYCLE:
            self.texts.setdefault(text.table, []).append(text)

    def fill(self) -> None:
        """Put a row into each table for each audit, with a canary in each text."""
        for number, (audit_id, _) in enumerate(self.audits):
            values = {text.column: self._text(text) for text in self.texts["audits"]}
            del values["case_reference"]
            db.session.execute(update(Audit).where(Audit.id == audit_id).values(**values))
            for name in self.texts:
                if name not in ("audits", "drawn_cases", "calls_made", "held_items"):
                    self._add(db.metadata.tables[name], number, audit_id)
        self._add(db.metadata.tables["draws"], 0, 0)
        for number in range(2 * len(self.audits)):
            self._add(db.metadata.tables["drawn_cases"], number, 0)
        for number, (audit_id, reference) in enumerate(self.audits):
            for name in ("calls_made", "held_items"):
                self._add(db.metadata.tables[name], number, audit_id)
            self._emails(audit_id, reference)
            self._history(number, reference)
        for audit in db.session.scalars(select(Audit).where(Audit.cycle_id == self.cycle_id)):
            back = db.session.scalars(select(Return).where(Return.audit_id == audit.id)).first()
            assert back is not None
            back.kept = as_returned.rows_of(audit)
            documents.seal(back, f"answers that audit {audit.reference} was returned with", who="somebody")
        for who, events in self.history:
            record(who, events)

    def _history(self, number: int, reference: str) -> None:
        word = self.canaries.word
        worker = db.session.get_one(Person, self.workers[number % 2])
        reply = f"worker_replies-{number}"
        self.history.append(
            (
                "lea.lead@council.example",
                [
                    Event("audit", reference, "extended", "due 1 May", "due 2 May", word("history.why")),
                    Event("audit", reference, "chased", after=word("history.after"), why=word("history.why")),
                    Event("audit", reference, WORKER_NAMED, after=word("history.after")),
                    Event("remedy", f"remedies-{number}", "withdrawn", why=word("history.why")),
                    Event("alert", f"alerts-{number}", "acknowledged", why=word("history.why")),
                    Event("response", f"called_responses-{number}", "fell away", why=word("history.why")),
                ],
            )
        )
        self.history.append((worker.email, [Event("reply", reply, "replied")]))
        self.history.append((worker.email, [Event("audit", reference, "worker replied")]))

    def _emails(self, audit_id: int, reference: str) -> None:
        word = self.canaries.word
        for kind, facts in (
            ("chase", {"audits": [[audit_id, "2010-11-12", "return"]], "sentence": word("facts.sentence")}),
            ("declined", {"audit": audit_id, "part": LEAD, "who": "Lea", "reason": word("facts.reason")}),
            ("digest", {}),
        ):
            text = word("messages.text")
            message = write(
                kind,
                recipient=self.person_id,
                address="lea.lead@council.example",
                rendered=Rendered("Return audits", text, f"<p>{text}</p>"),
                why="Sent",
                on=CLOSED,
                facts=facts,
            )
            message.state, message.ended_at = SENT, datetime(2010, 11, 26, 12, tzinfo=UTC)
            if kind == "digest":
                db.session.add(
                    MessageItem(
                        obligation_kind="audit",
                        obligation_id=audit_id,
                        person_id=self.person_id,
                        kind=kind,
                        step="overdue",
                        anchor_on=date(2010, 11, 12),
                        step_on=date(2010, 11, 16),
                        due_on=date(2010, 11, 12),
                        reference=reference,
                        message_id=message.id,
                        carrier_id=message.id,
                    )
                )
        db.session.add(
            News(
                person_id=self.person_id,
                what="other auditor",
                about_kind="audit",
                about_id=audit_id,
                reference=reference,
                facts={"auditor": word("news.facts")},
                made_on=CLOSED,
            )
        )
        db.session.add(
            TypedText(
                page=f"page-{audit_id}",
                person_id=self.person_id,
                address=f"/audits/{reference}/form/1",
                entries=[("comment", word("typed_texts.entries"))],
                typed_at=datetime(2010, 11, 26, 12, tzinfo=UTC),
            )
        )

    def _text(self, text: Text) -> str:
        word = self.canaries.word(f"{text.table}.{text.column}")
        return {"drawn_cases.left_out_because": f"other: {word}", "assignments.why": f"conflict: {word}"}.get(
            f"{text.table}.{text.column}", word
        )

    def _add(self, table: Table, number: int, audit_id: int) -> None:
        row = {column.name: self._value(column, number, audit_id) for column in table.columns}
        row = {name: value for name, value in row.items() if value is not None}
        if table.name == "worker_replies":
            row["worker_id"] = self.workers[number % 2]
        db.session.execute(insert(table).values(**row))

    def _value(self, column: Column[Any], number: int, audit_id: int) -> Any:
        name = f"{column.table.name}.{column.name}"
        if name in OTHER_VALUES:
            return OTHER_VALUES[name][number % len(OTHER_VALUES[name])]
        for text in self.texts.get(column.table.name, ()):
            if text.column == column.name:
                return self._text(text)
        key = next(iter(column.foreign_keys), None)
        if key is not None:
            return {
                "audits": audit_id,
                "cycles": self.cycle_id,
                "people": self.person_id,
                "questions": self.questions[0],
                "scale_responses": self.responses[number % 2],
                "context_factors": 1,
                "draws": 1,
            }.get(key.column.table.name)
        if column.primary_key:
            return None
        if column.name == "obligation_id":
            return audit_id
        if column.name in ("folded", "case_folded", "reference"):
            return f"{column.table.name}-{number}" if column.name != "case_folded" else None
        return _of_type(column, number)


def _of_type(column: Column[Any], number: int) -> Any:
    kind: type = datetime if isinstance(column.type, Moment) else column.type.python_type
    if kind is int:
        return number + 1
    if kind is bool:
        return False
    if kind is date:
        return None if column.nullable else CLOSED
    if kind is datetime:
        return None if column.nullable else datetime(2010, 11, 26, 12, tzinfo=UTC)
    if kind is str:
        return None if column.nullable else "words"
    return None
