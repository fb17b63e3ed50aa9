"""case numbers encrypted, with their keyed hashes in place of the folded numbers

Revision ID: 0031
Revises: 0030
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.case_keys.keys import CaseKey, id_in
from app.case_keys.ring import ring
from app.case_numbers import folded

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

CASES = ("audits", "drawn_cases")
AT_ONCE = 5_000

Numbers = tuple[str | None, str | None]
"""The number of a case, and what it is compared by."""


def upgrade() -> None:
    """Encrypt the numbers and all that was typed and not sent, with the key of this installation."""
    key = ring().first()
    mark = op.create_table(
        "case_number_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_case_number_key_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_number_key")),
    )
    op.bulk_insert(mark, [{"id": 1, "fingerprint": key.fingerprint}])

    def sealed(number: str | None, compared: str | None) -> Numbers:
        shown = None if number is None else key.seal(number)
        return shown, compared and key.compared(compared)

    for name in CASES:
        _change_cases(name, sealed)
    with op.batch_alter_table("typed_texts") as typed:
        typed.alter_column(
            "entries", existing_type=sa.JSON(), type_=sa.String(), postgresql_using="entries::text"
        )
    _change_typed(key.seal)


def downgrade() -> None:
    """Decrypt them. What a number is compared by is that of another row where its audit was corrected."""
    keys: dict[str, CaseKey] = {}
    numbers: dict[str, str] = {}

    def opened(text: str) -> str:
        id_ = id_in(text)
        if id_ not in keys:
            keys[id_] = ring().named(id_)
        return keys[id_].open(text)

    def plain(number: str | None, compared: str | None) -> Numbers:
        shown = None if number is None else opened(number)
        own = folded(shown or "") or None
        return shown, compared and numbers.get(compared, own)

    for name in CASES:
        for _, number, compared in _cases(name):
            if number and compared:
                # an audit is compared by its own number
                numbers.setdefault(compared, folded(opened(number)))
        _change_cases(name, plain)
    _change_typed(opened)
    with op.batch_alter_table("typed_texts") as typed:
        typed.alter_column(
            "entries", existing_type=sa.String(), type_=sa.JSON(), postgresql_using="entries::json"
        )
    op.drop_table("case_number_key")


def _table(name: str) -> sa.TableClause:
    return sa.table(name, sa.column("id"), sa.column("case_reference"), sa.column("case_folded"))


def _cases(name: str) -> Iterator[tuple[int, str | None, str | None]]:
    for some in _batches(name):
        yield from some


def _batches(name: str) -> Iterator[Sequence[tuple[int, str | None, str | None]]]:
    """Yield the rows that have a number, in batches."""
    table, last = _table(name), 0
    query = sa.select(table.c.id, table.c.case_reference, table.c.case_folded)
    query = query.where(sa.or_(table.c.case_reference.is_not(None), table.c.case_folded.is_not(None)))
    query = query.order_by(table.c.id).limit(AT_ONCE)
    while rows := op.get_bind().execute(query.where(table.c.id > last)).all():
        yield [(row[0], row[1], row[2]) for row in rows]
        last = rows[-1][0]


def _change_cases(name: str, change: Callable[[str | None, str | None], Numbers]) -> None:
    table = _table(name)
    changing = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("its_id"))
        .values(
            case_reference=sa.bindparam("its_number", type_=sa.String()),
            case_folded=sa.bindparam("its_hash", type_=sa.String()),
        )
    )
    for some in _batches(name):
        rows: list[dict[str, Any]] = []
        for id_, number, compared in some:
            its_number, its_hash = change(number, compared)
            rows.append({"its_id": id_, "its_number": its_number, "its_hash": its_hash})
        op.get_bind().execute(changing, rows)


def _change_typed(change: Callable[[str], str]) -> None:
    """Change the few texts that wait to be sent."""
    typed = sa.table("typed_texts", sa.column("page"), sa.column("entries", sa.String()))
    for page, entries in op.get_bind().execute(sa.select(typed.c.page, typed.c.entries)).all():
        changing = sa.update(typed).where(typed.c.page == page).values(entries=change(entries))
        op.get_bind().execute(changing)
