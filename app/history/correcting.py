"""Removing words from the history that must not be there: they go, and that and why they went stays."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update

from app.database import db, transaction
from app.history.chain import TEXTS, WHO, without
from app.history.models import HistoryRow
from app.history.reading import links_of
from app.history.record import MERGED, RENAMED, Event, history_key, record
from app.wording import counted, in_words

WORDS_REMOVED = "words removed"
KEEP_THEIR_WORDS = frozenset({RENAMED, MERGED})
"""Events that lose no words: a thing is found by its earlier names."""

AT_ONCE = 500

REMOVED_WHO, REMOVED_ADDRESS = "(removed)", "@removed.invalid"
"""The words in the place of who did something, and the end of the addresses that can stand there."""


def remove_words(rows: Collection[int], why: str, *, who: str, texts: Collection[str] = TEXTS) -> list[int]:
    """Remove the words of rows of the history, given by their ids; return the ids of those that had some.

    `texts` names the words that go, of `before`, `after` and `why`. Each thing that the rows are about gets
    one new row, which says why. The chain holds. In the file of SQLite the words are overwritten, and
    `database.empty_log`, called after the transaction, overwrites its log.
    """
    with transaction():
        changed = [id_ for some in _parted(sorted(set(rows))) for id_ in _take_out(some, texts)]
        if changed:
            record(who, _events(changed, why))
        # rows that were read before show what they have now
        db.session.expire_all()
    return changed


def replace_who(rows: Collection[int], instead: str) -> list[int]:
    """Put something else in the place of who did it, in these rows; return the ids of those that changed.

    `instead` is REMOVED_WHO, or an address that ends in REMOVED_ADDRESS: the database refuses all else. The
    chain holds. The caller records that it was done, and why.
    """
    with transaction():
        key, connection = history_key(), db.session.connection()
        changes: list[dict[str, Any]] = [
            {"its_id": link.id, "who": instead, "removed": without(key, link, (), instead)}
            for some in _parted(sorted(set(rows)))
            for link in links_of(connection, some)
            if link.facts[WHO] != instead
        ]
        if changes:
            table = cast(Table, HistoryRow.__table__)
            values: dict[str, Any] = {name: bindparam(name) for name in ("removed", "who")}
            connection.execute(
                update(table).where(table.c.id == bindparam("its_id")).values(salt=None, **values), changes
            )
        db.session.expire_all()
    return [change["its_id"] for change in changes]


def _take_out(ids: Collection[int], texts: Collection[str]) -> list[int]:
    key, connection = history_key(), db.session.connection()
    changes = []
    for link in links_of(connection, ids):
        # of a removal the reason can go, as somebody typed it: what was removed stays
        can_go = ("why",) if link.facts[-1] == WORDS_REMOVED else texts
        gone = [
            name
            for name, text in zip(TEXTS, link.texts, strict=True)
            if name in texts and name in can_go and text is not None
        ]
        if gone and link.facts[-1] not in KEEP_THEIR_WORDS:
            kept = dict(zip(TEXTS, link.texts, strict=True)) | dict.fromkeys(gone)
            changes.append({"its_id": link.id, "removed": without(key, link, gone), **kept})
    if changes:
        table = cast(Table, HistoryRow.__table__)
        values: dict[str, Any] = {name: bindparam(name) for name in ("removed", *TEXTS)}
        connection.execute(
            update(table).where(table.c.id == bindparam("its_id")).values(salt=None, **values), changes
        )
    return [change["its_id"] for change in changes]


def _events(changed: Sequence[int], why: str) -> list[Event]:
    of_things: dict[tuple[str, str], list[str]] = defaultdict(list)
    for some in _parted(changed):
        query = select(HistoryRow.subject_kind, HistoryRow.subject, HistoryRow.what, HistoryRow.on)
        for kind, subject, what, on in db.session.execute(
            query.where(HistoryRow.id.in_(some)).order_by(HistoryRow.id)
        ):
            of_things[kind, subject].append(f"{what}, {in_words(on)}")
    return [
        Event(kind, subject, WORDS_REMOVED, before=_in_short(told), why=why)
        for (kind, subject), told in of_things.items()
    ]


def _parted(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))


def _in_short(told: list[str]) -> str:
    return told[0] if len(told) == 1 else counted(len(told), "row")
