"""The rows of the history about the audits of a cycle, and which of their words go: what people wrote."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from app.audits.workers import WORKER_CHANGED, WORKER_NAMED
from app.database import db
from app.history.correcting import REMOVED_WHO, remove_words, replace_who
from app.history.models import HistoryRow
from app.history.record import FROM_A_FILE
from app.people.models import FormerEmail, Person
from app.retention.belonging import THINGS, of_cycle, table_of

WHY = "the texts of the cycle were removed"

BY_THE_SERVICE = frozenset({FROM_A_FILE, "the audit was sent back", WHY})
"""The reasons that nobody typed."""

WRITTEN = frozenset({WORKER_NAMED, WORKER_CHANGED, "chased", "chase struck through", "exempted"})
"""The events whose words before and after name a worker, or have what somebody typed."""

BY_THE_WORKER = frozenset({"replied", "worker replied"})
"""The events that the worker of a case did."""


@dataclass(frozen=True)
class Row:
    """A row with words that go: the names of these words, and True where who did it goes as well."""

    id: int
    texts: tuple[str, ...]
    is_of_worker: bool
    words: Sequence[str | None]


def rows_of(cycle_id: int, reference: str, workers: Collection[int]) -> Iterator[Row]:
    """Yield the rows about the audits of a cycle, and about what belongs to them, that have words that go."""
    theirs = _addresses(workers)
    about = or_(*(_about(kind, cycle_id) for kind in THINGS), _about_its_draw(reference))
    for row in db.session.scalars(select(HistoryRow).where(about).order_by(HistoryRow.id)):
        texts = []
        if row.what in WRITTEN:
            texts += [name for name in ("before", "after") if getattr(row, name) is not None]
        if row.why is not None and row.why not in BY_THE_SERVICE:
            texts.append("why")
        is_of_worker = row.what in BY_THE_WORKER and row.who in theirs
        if texts or is_of_worker:
            yield Row(row.id, tuple(texts), is_of_worker, (row.who, row.before, row.after, row.why))


def take_out(rows: Sequence[Row], who: str) -> None:
    """Take these words out of the history. The chain holds, and each thing's history says why they went."""
    by_texts: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        if row.texts:
            by_texts.setdefault(row.texts, []).append(row.id)
    for texts, ids in sorted(by_texts.items()):
        remove_words(ids, WHY, who=who, texts=texts)
    replace_who([row.id for row in rows if row.is_of_worker], REMOVED_WHO)


def _addresses(people: Collection[int]) -> set[str]:
    former = select(FormerEmail.email).where(FormerEmail.person_id.in_(people))
    now = select(Person.email).where(Person.id.in_(people))
    return {*db.session.scalars(now), *db.session.scalars(former)}


def _about(kind: str, cycle_id: int) -> ColumnElement[bool]:
    table = table_of(THINGS[kind])
    references = select(table.c.reference).where(of_cycle(table, cycle_id))
    return and_(HistoryRow.subject_kind == kind, HistoryRow.subject.in_(references))


def _about_its_draw(reference: str) -> ColumnElement[bool]:
    """Return the condition of a case of the draw that was replaced: for a reason and words of a person."""
    return and_(
        HistoryRow.subject_kind == "cycle",
        HistoryRow.subject == reference,
        HistoryRow.what.like("case % of the draw replaced"),
    )
