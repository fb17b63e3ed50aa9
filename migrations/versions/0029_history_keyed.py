"""the history keyed, and closed to changes

Revision ID: 0029
Revises: 0028
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

from app import clock
from app.history.chain import (
    BEGINNING,
    TEXTS,
    Link,
    bare_hash,
    document_digest,
    end_seal,
    hash_of,
    new_salt,
)

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

log = logging.getLogger(__name__)

AT_ONCE = 2_000

FACTS = ("who", "subject_kind", "subject", "what")
KEPT = ("id", "at", "on", *FACTS, "previous_hash", "hash")
"""The columns of a row of the history that no statement changes."""

DOCUMENTS = {
    "snapshots": ("cycle_id", "made_on", "findings"),
    "final_reports": ("id", "cycle_id", "audience", "number", "because", "made_by_id", "made_at", "content"),
    "returns": ("id", "audit_id", "returned_on", "sent_back_on", "because", "confirmed_on", "kept"),
}
"""The documents that are frozen, and the columns that the digest of each covers. The first is its key."""

REFUSALS = {
    "history": "the history is never changed: words can be removed from it in the service, with a reason",
    "snapshots": "the findings of a closed cycle are never changed",
    "final_reports": "a final report is never changed: a correction is a new version",
}
"""The refusals of the database where a statement would change or remove a row, by table."""

Row = dict[str, Any]


def upgrade() -> None:
    """Check the chain, link it anew with the key, seal what is frozen, and close it to changes."""
    op.add_column("history", sa.Column("salt", sa.String(), nullable=True))
    op.add_column("history", sa.Column("removed", sa.String(), nullable=True))
    op.add_column("history_end", sa.Column("seal", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "history_checks",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("broken_row", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_history_checks")),
    )
    key: str = current_app.extensions["settings"].history_key
    broken = _first_break()
    _link(key)
    events = list(_frozen(key))
    if broken is not None:
        log.warning("row %d of the history was changed, or a row before it was removed", broken)
        changed = f"row {broken} was changed, or a row before it was removed"
        events.append(("history", "history", "found changed", changed))
    _append(key, events)
    for table, says in REFUSALS.items():
        _close(table, says, "" if table != "history" else _takes_more_than_words())


def downgrade() -> None:
    """Link the chain without a key. What was removed stays removed."""
    for table in REFUSALS:
        _open(table)
    bind, history = op.get_bind(), _history()
    bind.execute(sa.delete(history).where(history.c.subject_kind == "document"))
    number, previous = 0, BEGINNING
    for some in _pages():
        changes = []
        for row in some:
            linked = bare_hash(previous, _words(row))
            changes.append({"its_id": row["id"], "previous_hash": previous, "hash": linked})
            number, previous = number + 1, linked
        _change(changes, "previous_hash", "hash")
    end = sa.table("history_end", sa.column("rows"), sa.column("hash"))
    bind.execute(sa.update(end).values(rows=number, hash=previous))
    op.drop_table("history_checks")
    op.drop_column("history_end", "seal")
    op.drop_column("history", "removed")
    op.drop_column("history", "salt")


def _history() -> sa.TableClause:
    return sa.table(
        "history",
        sa.column("id"),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("on", sa.Date()),
        *map(sa.column, (*FACTS, *TEXTS, "salt", "previous_hash", "hash")),
    )


def _pages() -> Iterator[Sequence[Row]]:
    """Yield the rows in order, some at a time."""
    history, last = _history(), 0
    columns = [column for column in history.c if column.name != "salt"]
    query = sa.select(*columns).order_by(history.c.id).limit(AT_ONCE)
    while some := op.get_bind().execute(query.where(history.c.id > last)).mappings().all():
        last = some[-1]["id"]
        yield [dict(row) for row in some]


def _moment(row: Row) -> str:
    at = row["at"]
    return str(
        (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="microseconds")
    )


def _words(row: Row) -> list[str | None]:
    return [_moment(row), str(row["on"]), *(row[name] for name in (*FACTS, *TEXTS))]


def _first_break() -> int | None:
    """Return the first row at which the chain without a key does not hold."""
    number, previous, last = 0, BEGINNING, 0
    for some in _pages():
        for row in some:
            if row["previous_hash"] != previous or row["hash"] != bare_hash(previous, _words(row)):
                return int(row["id"])
            number, previous, last = number + 1, row["hash"], row["id"]
    end = sa.table("history_end", sa.column("rows"), sa.column("hash"))
    is_whole = op.get_bind().execute(sa.select(end.c.rows, end.c.hash)).one() == (number, previous)
    return None if is_whole else last + 1


def _link(key: str) -> None:
    """Link all rows with the key."""
    previous = BEGINNING
    for some in _pages():
        changes = []
        for row in some:
            link = _as_link(row, previous)
            linked = hash_of(key, link)
            changes.append(
                {"its_id": row["id"], "salt": link.salt, "previous_hash": previous, "hash": linked}
            )
            previous = str(linked)
        _change(changes, "salt", "previous_hash", "hash")


def _change(changes: Sequence[Row], *names: str) -> None:
    history = _history()
    values = {name: sa.bindparam(name) for name in names}
    op.get_bind().execute(
        sa.update(history).where(history.c.id == sa.bindparam("its_id")).values(values), changes
    )


def _as_link(row: Row, previous: str) -> Link:
    texts = tuple(row[name] for name in TEXTS)
    facts = (_moment(row), str(row["on"]), *(row[name] for name in FACTS))
    return Link(row["id"], facts, texts, new_salt(texts), None, previous, None)


def _frozen(key: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield an event for each document that is frozen, with its digest."""
    bind = op.get_bind()
    for name, columns in DOCUMENTS.items():
        table = sa.Table(name, sa.MetaData(), autoload_with=bind)
        query = sa.select(*(table.c[column] for column in columns)).order_by(table.c[columns[0]])
        if name == "returns":
            query = query.where(table.c.kept.is_not(None))
        for row in bind.execute(query):
            digest = document_digest(key, name, tuple(row))
            yield "document", f"{name} {row[0]}", _called(table, row), digest


def _called(table: sa.Table, row: sa.Row[Any]) -> str:
    """Return what a document is called, as the service calls it."""

    def reference(of: str, id_: int) -> object:
        its = sa.table(of, sa.column("id"), sa.column("reference"))
        return op.get_bind().scalar(sa.select(its.c.reference).where(its.c.id == id_))

    if table.name == "snapshots":
        return f"findings of cycle {reference('cycles', row.cycle_id)}"
    if table.name == "final_reports":
        cycle = reference("cycles", row.cycle_id)
        return f"report of cycle {cycle} for the {row.audience}, version {row.number}"
    return f"answers that audit {reference('audits', row.audit_id)} was returned with"


def _append(key: str, events: Sequence[tuple[str, str, str, str]]) -> None:
    """Append rows as the service does, and seal the end."""
    bind, history = op.get_bind(), _history()
    query = sa.select(history.c.id, history.c.hash).order_by(history.c.id.desc()).limit(1)
    last, previous = bind.execute(query).one_or_none() or (0, BEGINNING)
    at, on = clock.now(), clock.today()
    for id_, (kind, subject, what, after) in enumerate(events, start=last + 1):
        row: Row = {"id": id_, "at": at, "on": on, "who": "update", "subject_kind": kind, "subject": subject}
        row |= {"what": what, "before": None, "after": after, "why": None}
        link = _as_link(row, previous)
        row |= {"salt": link.salt, "previous_hash": previous, "hash": hash_of(key, link)}
        bind.execute(sa.insert(history).values(row))
        previous = row["hash"]
    number = bind.scalar(sa.select(sa.func.count()).select_from(history)) or 0
    end = sa.table("history_end", sa.column("rows"), sa.column("hash"), sa.column("seal"))
    bind.execute(sa.update(end).values(rows=number, hash=previous, seal=end_seal(key, number, previous)))


def _takes_more_than_words() -> str:
    """Return the condition that an update does more to a row of the history than take words out of it."""
    same = "is" if op.get_bind().dialect.name == "sqlite" else "is not distinct from"
    allowed = [
        *(f'new."{name}" {same} old."{name}"' for name in KEPT if name != "who"),
        # a person who was made anonymous, or the worker of a case
        "(new.who = old.who or new.who = '(removed)' or new.who like '%@removed.invalid')",
        *(f'(new."{name}" {same} old."{name}" or new."{name}" is null)' for name in TEXTS),
        "new.salt is null",
        "new.removed is not null",
    ]
    return f"when (not ({' and '.join(allowed)}))"


def _close(table: str, says: str, when: str) -> None:
    """Make the database refuse to change rows of a table, and to remove them."""
    if op.get_bind().dialect.name == "sqlite":
        for event, condition in (("update", when), ("delete", "")):
            op.execute(
                f"create trigger {table}_refuses_{event} before {event} on {table} {condition} "
                f"begin select raise(abort, '{says}'); end"
            )
        return
    op.execute(
        f"create function {table}_refuses() returns trigger language plpgsql as "
        f"$$ begin raise exception '{says}'; end $$"
    )
    for event, each, condition in (
        ("update", "row", when),
        ("delete", "row", ""),
        ("truncate", "statement", ""),
    ):
        op.execute(
            f"create trigger {table}_refuses_{event} before {event} on {table} for each {each} {condition} "
            f"execute function {table}_refuses()"
        )


def _open(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("update", "delete"):
            op.execute(f"drop trigger {table}_refuses_{event}")
        return
    for event in ("update", "delete", "truncate"):
        op.execute(f"drop trigger {table}_refuses_{event} on {table}")
    op.execute(f"drop function {table}_refuses()")
