"""The removal of case numbers, texts and names of one cycle, with its proof. Figures stay to the letter.

A text is not emptied but marked: that there was a comment or a reason is counted by figures and reports.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from app.audits.cycle import Cycle
from app.audits.lifecycle import DECLINE_REASONS
from app.audits.models import Audit, Return
from app.database import db, transaction
from app.findings import freezing
from app.history import documents
from app.history.record import Event, record
from app.moves.models import TypedText
from app.moves.moving import locked
from app.news.models import News
from app.outbox.models import Message, MessageItem
from app.outbox.names import AUDITED
from app.reminders.models import NotSent
from app.retention import of_history
from app.retention.belonging import AS_IT_IS, audits_of, of_cycle, table_of
from app.retention.emails import emails_of, is_news, some_of, take_out_texts, unsent_of
from app.retention.models import CASES_NOT_DRAWN, TEXTS, Removal
from app.retention.proof import Proof
from app.retention.texts import (
    AFTER_ITS_LABEL,
    CASE_NUMBERS,
    EMAILS,
    EMPTIED,
    HISTORY,
    KEPT_ROWS,
    NEWS,
    OF_A_CYCLE,
    REMOVED,
    UNSENT,
    WORKERS,
    Text,
    without_texts,
)
from app.sampling.models import Draw, DrawnCase
from app.sampling.moves import REASONS
from app.wording import counted
from app.workers.messages import REPLY
from app.workers.models import WorkerReply

LABELS = frozenset({*DECLINE_REASONS, *REASONS})
"""The labels after which people can add words."""

TO_THE_WORKER = (AUDITED, REPLY)
"""The kinds of email whose receiver is the worker of a case."""


def what_goes(cycle: Cycle) -> Mapping[str, int]:
    """Return how many of each kind a removal would take, without changing anything."""
    proof = Proof()
    _take_down(cycle, proof)
    return proof.counts


def remove(reference: str, *, by: str, on: date) -> Removal | None:
    """Remove the case numbers, texts and names of a cycle. Returns None where nothing is left to remove.

    Its figures are frozen first, where they are not. Callers ask `due.refuse_removal`, or that it goes by
    itself.
    """
    with transaction():
        cycle = locked(Cycle, reference)
        freezing.keep(cycle)
        freezing.count_cases(cycle)
        proof = Proof()
        _take_down(cycle, proof)
        if not proof.counts:
            return None
        _take_out(cycle, by)
        removal = proof.keep(TEXTS, by=by, on=on, cycle=cycle)
        in_all = counted(proof.counts.total(), "case number, text or name", "case numbers, texts and names")
        record(
            by, [Event("cycle", cycle.reference, "texts removed", after=f"{in_all}, proof {proof.digest}")]
        )
        db.session.flush()
        db.session.expire_all()
    return removal


def remove_cases_not_drawn(cycle: Cycle, *, by: str, on: date) -> Removal | None:
    """Remove the numbers of the cases that a draw listed and that are not audited; None where there are none.

    They were needed as reserves, and to repeat the draw, until the cycle closed.
    """
    with transaction():
        not_chosen = and_(
            DrawnCase.draw_id.in_(select(Draw.id).where(Draw.cycle_id == cycle.id)),
            # of a draw that was set aside no case was audited because of it
            or_(DrawnCase.is_chosen.is_(False), DrawnCase.draw_id != _last_draw(cycle.id)),
            DrawnCase.case_reference.is_not(None),
        )
        proof = Proof()
        rows = select(DrawnCase.id, DrawnCase.case_reference).where(not_chosen).order_by(DrawnCase.id)
        for id_, number in db.session.execute(rows):
            proof.take(CASE_NUMBERS, "drawn_cases.case_reference", id_, number)
        if not proof.counts:
            return None
        db.session.execute(
            update(DrawnCase).where(not_chosen).values(case_reference=None, case_folded=None),
            execution_options={"synchronize_session": False},
        )
        removal = proof.keep(CASES_NOT_DRAWN, by=by, on=on, cycle=cycle)
        numbers = counted(proof.counts.total(), "case number")
        event = "numbers of cases not drawn removed"
        record(by, [Event("cycle", cycle.reference, event, after=f"{numbers}, proof {proof.digest}")])
        db.session.flush()
        db.session.expire_all()
    return removal


def _last_draw(cycle_id: int) -> Any:
    return (
        select(Draw.id).where(Draw.cycle_id == cycle_id).order_by(Draw.id.desc()).limit(1).scalar_subquery()
    )


# what goes


def _take_down(cycle: Cycle, proof: Proof) -> None:
    cycle_id = cycle.id
    for text in OF_A_CYCLE:
        for key, value in _values(text, cycle_id):
            proof.take(text.kind, f"{text.table}.{text.column}", key, value)
    for model in (Audit, WorkerReply):
        named = select(model.id, model.worker_id).where(
            of_cycle(table_of(model.__tablename__), cycle_id), model.worker_id.is_not(None)
        )
        for id_, worker in db.session.execute(named.order_by(model.id)):
            proof.take(WORKERS, f"{model.__tablename__}.worker_id", id_, worker)
    for message in emails_of(cycle_id):
        proof.take(EMAILS, "messages", message.id, [message.text, message.html, message.facts])
    for news in db.session.execute(select(News.id, News.person_id, News.facts).where(is_news(cycle_id))):
        proof.take(NEWS, "news", news.id, [news.person_id, news.facts])
    for row in of_history.rows_of(cycle_id, cycle.reference, _workers(cycle_id)):
        proof.take(HISTORY, "history", row.id, row.words)
    for page, entries in unsent_of(cycle_id):
        proof.take(UNSENT, "typed_texts", page, entries)


def _take_out(cycle: Cycle, by: str) -> None:
    cycle_id = cycle.id
    of_history.take_out(list(of_history.rows_of(cycle_id, cycle.reference, _workers(cycle_id))), by)
    _take_out_workers(cycle_id)
    ids = [message.id for message in emails_of(cycle_id)]
    take_out_texts(ids)
    db.session.execute(delete(News).where(is_news(cycle_id)), execution_options=AS_IT_IS)
    pages = [page for page, _ in unsent_of(cycle_id)]
    db.session.execute(delete(TypedText).where(TypedText.page.in_(pages)), execution_options=AS_IT_IS)
    sealed = select(Return, Audit.reference).join(Audit, Audit.id == Return.audit_id)
    before = {row.id: (row.because, row.kept) for row, _ in db.session.execute(sealed.where(_of(cycle_id)))}
    for text in OF_A_CYCLE:
        _take_out_text(text, cycle_id)
    db.session.expire_all()
    for row, reference in db.session.execute(sealed.where(_of(cycle_id))).all():
        if (row.because, row.kept) != before[row.id]:
            called = f"answers that audit {reference} was returned with"
            documents.seal(row, called, who=by, why=of_history.WHY)


def _of(cycle_id: int) -> ColumnElement[bool]:
    """Return the condition of a return that is sealed in the history."""
    return and_(Audit.cycle_id == cycle_id, Return.kept.is_not(None))


def _workers(cycle_id: int) -> set[int]:
    """Return the ids of the workers whose cases were audited."""
    asked = select(WorkerReply.worker_id).where(WorkerReply.audit_id.in_(audits_of(cycle_id)))
    named = select(Audit.worker_id).where(Audit.cycle_id == cycle_id)
    return {id_ for id_ in (*db.session.scalars(asked), *db.session.scalars(named)) if id_ is not None}


def _is_text(text: Text, cycle_id: int) -> ColumnElement[bool]:
    table = table_of(text.table)
    column = table.c[text.column]
    there = [of_cycle(table, cycle_id), column.is_not(None)]
    if text.how not in (EMPTIED, KEPT_ROWS):
        there += [column != "", column != REMOVED]
    return and_(*there)


def _values(text: Text, cycle_id: int) -> Iterator[tuple[Any, Any]]:
    """Yield what of a column goes, with the key of its row."""
    table = table_of(text.table)
    keys = list(table.primary_key)
    query = select(*keys, table.c[text.column]).where(_is_text(text, cycle_id)).order_by(*keys)
    for row in db.session.execute(query):
        value = row[-1]
        if text.how == AFTER_ITS_LABEL and label_of(value) == value:
            continue
        if text.how == KEPT_ROWS and _without_texts(value) == value:
            continue
        yield list(row[:-1]), value


def label_of(words: str) -> str:
    """Return the label before words of a person; the mark where there is none."""
    label = words.partition(": ")[0]
    return label if label in LABELS else REMOVED


def _without_texts(kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Return the rows that were kept with a return without their texts, and all that was answered."""
    return {
        # what the second auditor said of the return is a column of the audit
        name: [without_texts("audits" if name == "confirmation" else name, row) for row in rows]
        for name, rows in kept.items()
    }


def _take_out_text(text: Text, cycle_id: int) -> None:
    table = table_of(text.table)
    column = table.c[text.column]
    where = _is_text(text, cycle_id)
    if text.how == EMPTIED:
        db.session.execute(update(table).where(where).values(dict.fromkeys((text.column, "case_folded"))))
    elif text.how in (AFTER_ITS_LABEL, KEPT_ROWS):
        new = label_of if text.how == AFTER_ITS_LABEL else _without_texts
        for id_, value in db.session.execute(select(table.c.id, column).where(where)).all():
            db.session.execute(update(table).where(table.c.id == id_).values({text.column: new(value)}))
    else:
        db.session.execute(update(table).where(where).values({text.column: REMOVED}))


# names of workers


def _take_out_workers(cycle_id: int) -> None:
    """Take the workers out of audits and replies, and out of the emails that went to them as such.

    Of the replies about one audit it stays known which are of the same worker, as that is counted.
    """
    replies = select(WorkerReply.id, WorkerReply.audit_id, WorkerReply.worker_id).where(
        WorkerReply.audit_id.in_(audits_of(cycle_id)), WorkerReply.worker_id.is_not(None)
    )
    numbers: dict[int, dict[int, int]] = {}
    for id_, audit_id, worker_id in db.session.execute(replies.order_by(WorkerReply.id)).all():
        assert worker_id is not None
        of_audit = numbers.setdefault(audit_id, {})
        number = of_audit.setdefault(worker_id, len(of_audit) + 1)
        db.session.execute(
            update(WorkerReply).where(WorkerReply.id == id_).values(worker_id=None, worker_number=number),
            execution_options=AS_IT_IS,
        )
    db.session.execute(
        update(Audit).where(Audit.cycle_id == cycle_id).values(worker_id=None), execution_options=AS_IT_IS
    )
    to_workers = [message.id for message in emails_of(cycle_id) if message.kind in TO_THE_WORKER]
    for some in some_of(to_workers):
        db.session.execute(
            update(Message).where(Message.id.in_(some)).values(recipient=None, address=REMOVED, once=None),
            execution_options=AS_IT_IS,
        )
    for model in (MessageItem, NotSent):
        its_own = and_(
            model.kind == AUDITED,
            model.obligation_kind == "audit",
            model.obligation_id.in_(audits_of(cycle_id)),
        )
        db.session.execute(delete(model).where(its_own), execution_options=AS_IT_IS)
