"""The facts that frozen findings count, audit by audit: a digest of each is part of the snapshot.

Answers and audits go on being rows that anybody who can run SQL can change. After a cycle is frozen no move
changes what it counts, save those of EXPLAINING: the history of the audit then says so. A digest that differs
without such an event was changed behind the history's back, and its audit is named.

The digests are part of a document whose own digest the history keeps under its key (history/documents.py), so
they need no key.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    exists,
    func,
    or_,
    select,
    type_coerce,
)

from app.answers.models import (
    REPLACING,
    Answer,
    AnswerView,
    ContextNote,
    FurtherResponse,
    FurtherViewResponse,
    Moderation,
    SectionSetAside,
)
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.findings.models import Snapshot
from app.history.checking import Break
from app.history.checks import FROZEN
from app.history.documents import DOCUMENT
from app.history.models import HistoryRow
from app.history.record import MERGED, RENAMED
from app.tools.models import ScaleResponse

KEPT_AS = "facts"
"""The key of the digests in the document of a snapshot."""

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""Digests are of letters alone: in digits somebody could find a case number."""

_LENGTH = 16

EXPLAINING = frozenset(
    {
        "agency changed",
        "agreed",
        "answers changed",
        "answers imported",
        "context changed",
        "context imported",
        "dispute decided",
        "moderated",
        "reason not returned",
        "reason not returned changed",
        "removed",
        "reply decided",
        "requested",
        "returned",
        "section set aside",
        "sent back",
        "team changed",
        "withdrawn",
    }
)
"""The events of an audit after which other facts of it may be counted."""

OF_THE_LISTS = (MERGED, RENAMED)
"""The events of teams, places and the council's other lists, which change what audits have of them."""


class Digests(NamedTuple):
    """The digests of an audit: of its answers, and of what it has of the council's lists."""

    answers: str
    lists: str


@dataclass(frozen=True)
class FactsChecked:
    """The first audit whose facts were changed behind the history, and the cycles that cannot be checked."""

    broken: Break | None
    not_checked: tuple[str, ...]
    """Those frozen before digests were kept."""


def with_facts(connection: Connection, findings: str, cycle_id: int) -> str:
    """Return the document of a snapshot with the digests of what it counts."""
    facts = {reference: "".join(digests) for reference, digests in digests_of(connection, cycle_id).items()}
    return json.dumps({**json.loads(findings), KEPT_AS: facts}, ensure_ascii=False)


def check_facts(connection: Connection) -> FactsChecked:
    """Compare the facts behind each snapshot with those that it counted."""
    not_checked = []
    query = select(Snapshot.cycle_id, Cycle.reference).join(Cycle, Cycle.id == Snapshot.cycle_id)
    for cycle_id, cycle in connection.execute(query.order_by(Snapshot.cycle_id)).all():
        document = connection.scalars(select(Snapshot.findings).where(Snapshot.cycle_id == cycle_id)).one()
        kept = json.loads(document).get(KEPT_AS)
        if kept is None:
            not_checked.append(cycle)
            continue
        sealed_in = _sealed_in(connection, cycle_id)
        for audit, is_of_lists in _different(kept, digests_of(connection, cycle_id)):
            if not _is_explained(connection, audit, sealed_in, is_of_lists=is_of_lists):
                why = f"The facts of audit {audit} are not those that were counted"
                return FactsChecked(
                    Break(sealed_in, f"{FROZEN}findings of cycle {cycle}. {why}, and no row says why"),
                    tuple(not_checked),
                )
    return FactsChecked(None, tuple(not_checked))


def _different(kept: Mapping[str, str], now: Mapping[str, Digests]) -> Iterator[tuple[str, bool]]:
    """Yield the audits that differ, in their order, and whether they do in the council's lists alone."""
    for audit, digests in now.items():
        if kept.get(audit) != "".join(digests):
            yield audit, kept.get(audit, "")[:_LENGTH] == digests.answers
    yield from ((audit, False) for audit in sorted(kept.keys() - now.keys()))


def _sealed_in(connection: Connection, cycle_id: int) -> int:
    """Return the row of the history that has the digest of a snapshot since it was made."""
    query = select(func.min(HistoryRow.id)).where(
        HistoryRow.subject_kind == DOCUMENT, HistoryRow.subject == f"{Snapshot.__tablename__} {cycle_id}"
    )
    return connection.scalar(query) or 0


def _is_explained(connection: Connection, audit: str, since: int, *, is_of_lists: bool) -> bool:
    explains = and_(
        HistoryRow.subject_kind == Audit.kind,
        HistoryRow.subject == audit,
        HistoryRow.what.in_(EXPLAINING),
    )
    if is_of_lists:
        explains = or_(explains, HistoryRow.what.in_(OF_THE_LISTS))
    return bool(connection.scalar(select(exists().where(HistoryRow.id > since, explains))))


def digests_of(connection: Connection, cycle_id: int) -> dict[str, Digests]:
    """Return the digests of all audits of a cycle, by reference, in their order.

    The answers of an audit that has not come back are drafts: they are not counted, and may change unseen.
    """
    of_cycle = (
        select(
            Audit.id,
            Audit.reference,
            as_it_is(Audit.returned_on).label("returned_on"),
            as_it_is(Audit.withdrawn_on).label("withdrawn_on"),
            Audit.is_together,
            Audit.team_id,
            Audit.agency_id,
            Audit.reason_not_returned,
        )
        .where(Audit.cycle_id == cycle_id)
        .order_by(Audit.id)
    )
    audits = connection.execute(of_cycle).all()
    returned = {row.id for row in audits if row.returned_on is not None}
    responses = {
        row.id: f"{row.response}, {row.counts_as}"
        for row in connection.execute(
            select(ScaleResponse.id, ScaleResponse.response, ScaleResponse.counts_as)
        )
    }
    answers: dict[int, list[object]] = defaultdict(list)
    places: dict[int, list[object]] = defaultdict(list)
    for row in _answers(connection, cycle_id):
        said = responses.get(row.response_id)
        answer = (row.question_id, said, row.number, bool(row.has_reason), bool(row.above))
        answers[row.audit_id].append(answer)
        if row.found_in_id is not None:
            places[row.audit_id].append((row.question_id, row.found_in_id))
    for name, rows in _beside(connection, cycle_id):
        for audit_id, *values in rows:
            answers[audit_id].append((name, *map(str, values)))
    factors: dict[int, list[object]] = defaultdict(list)
    noted = select(ContextNote.audit_id, ContextNote.factor_id).order_by(ContextNote.factor_id)
    for audit_id, factor_id in connection.execute(_within(noted, ContextNote.audit_id, cycle_id)):
        factors[audit_id].append(factor_id)
    digests = {}
    for row in audits:
        counted = row.id in returned
        own = (row.returned_on, row.withdrawn_on, bool(row.is_together), answers[row.id] if counted else [])
        lists = (row.team_id, row.agency_id, row.reason_not_returned, factors[row.id])
        digests[row.reference] = Digests(_digest(own), _digest((*lists, places[row.id] if counted else [])))
    return digests


def _answers(connection: Connection, cycle_id: int) -> Iterable[Any]:
    """Return the answers of a cycle in a fixed order. Words of people are not among them: they may go."""
    query = select(
        Answer.audit_id,
        Answer.question_id,
        Answer.response_id,
        Answer.number,
        Answer.found_in_id,
        (func.coalesce(Answer.comment, "") != "").label("has_reason"),
        (func.coalesce(Answer.above_limit_because, "") != "").label("above"),
    ).order_by(Answer.audit_id, Answer.question_id)
    return connection.execute(_within(query, Answer.audit_id, cycle_id))


def _beside(connection: Connection, cycle_id: int) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield what counts beside the answers, in a fixed order: mostly there is little of it."""
    for name, query, audit_id in (
        (
            "further",
            select(Answer.audit_id, Answer.question_id, FurtherResponse.response_id)
            .join(FurtherResponse, FurtherResponse.answer_id == Answer.id)
            .order_by(Answer.question_id, FurtherResponse.response_id),
            Answer.audit_id,
        ),
        (
            "view",
            select(
                AnswerView.audit_id,
                AnswerView.question_id,
                AnswerView.whose,
                AnswerView.response_id,
                AnswerView.number,
                as_it_is(AnswerView.made_on),
            )
            .where(AnswerView.whose.in_(REPLACING))
            .order_by(AnswerView.id),
            AnswerView.audit_id,
        ),
        (
            "further of a view",
            select(AnswerView.audit_id, AnswerView.id, FurtherViewResponse.response_id)
            .join(FurtherViewResponse, FurtherViewResponse.view_id == AnswerView.id)
            .where(AnswerView.whose.in_(REPLACING))
            .order_by(AnswerView.id, FurtherViewResponse.response_id),
            AnswerView.audit_id,
        ),
        (
            "set aside",
            select(SectionSetAside.audit_id, SectionSetAside.section_id).order_by(SectionSetAside.section_id),
            SectionSetAside.audit_id,
        ),
        (
            "moderated",
            select(Moderation.audit_id, as_it_is(Moderation.decided_on), Moderation.outcome),
            Moderation.audit_id,
        ),
    ):
        yield name, connection.execute(_within(query, audit_id, cycle_id)).all()


def as_it_is(column: Any) -> ColumnElement[Any]:
    """Return a column without reading it as what it should be: somebody may have put anything there."""
    return type_coerce(column, String)


def _within(query: Any, audit_id: Any, cycle_id: int) -> Select[*tuple[Any, ...]]:
    """Return a query of rows of audits for those of a cycle alone."""
    of_cycle: Select[*tuple[Any, ...]] = query.where(
        audit_id.in_(select(Audit.id).where(Audit.cycle_id == cycle_id))
    )
    return of_cycle


def _digest(facts: object) -> str:
    written = json.dumps(facts, ensure_ascii=False, default=str)
    return sha256(written.encode(errors="surrogatepass")).hexdigest()[:_LENGTH].translate(_LETTERS)
