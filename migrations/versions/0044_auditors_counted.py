"""tallies of the audits that each auditor has

Revision ID: 0044
Revises: 0043
"""

# ruff: noqa: S608  the names of columns and tables above and below

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

OF_AUDITS = ("cycle_id", "returned_on", "first_due_on", "withdrawn_on", "exempted_on")
ALIKE = ("person_id", *OF_AUDITS)
TABLE = "auditor_tallies"
HELD = "ended_on is null and {spell}.person_id is not null"
"""The condition of a spell that has not ended, of the auditor who has it."""

ROWS = {"insert": "new", "update": "old new", "delete": "old"}
BY_INDEX = "set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off"
"""The settings of functions that look up few rows, as in migration 0043."""

INDEXES = {
    "ix_assignments_ended_because": ("assignments", ["ended_because"], "ended_because IS NOT NULL"),
    "ix_audits_cycle_id_returned_on": ("audits", ["cycle_id", "returned_on"], "returned_on IS NOT NULL"),
}
NUMBERS = {"added": 1, "removed": -1}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("returned_on", sa.Date()),
        sa.Column("first_due_on", sa.Date()),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("exempted_on", sa.Date()),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    op.execute(
        f"insert into {TABLE} ({', '.join(ALIKE)}, number) "  # nosec B608 # names
        f"select {_counted('assignments', 'audits')}, count(*) {_pairs('assignments', 'audits')} "
        f"group by {', '.join(str(place + 1) for place in range(len(ALIKE)))}"
    )
    op.create_index("ix_auditor_tallies_alike", TABLE, ["cycle_id", "person_id", "returned_on"])
    for name, (table, columns, where) in INDEXES.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    if op.get_bind().dialect.name == "sqlite":
        _count_on_sqlite()
    else:
        _count_on_postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, events in {"assignments": ROWS, "audits": ("update", "delete")}.items():
        for event in events:
            op.execute(f"drop trigger {_name(table, event)}{'' if sqlite else f' on {table}'}")
            if not sqlite:
                op.execute(f"drop function {_name(table, event)}()")
    for name, (table, *_) in INDEXES.items():
        op.drop_index(name, table)
    op.drop_table(TABLE)


def _name(table: str, event: str) -> str:
    return f"{table}_of_auditors_at_{event}"


def _value(name: str, audit: str) -> str:
    """Return what an audit counts as in a column: its first due day tells something once it is returned."""
    first_due_on = f"case when {audit}.returned_on is not null then {audit}.first_due_on end"
    return first_due_on if name == "first_due_on" else f"{audit}.{name}"


def _counted(spell: str, audit: str) -> str:
    return ", ".join(
        f"{spell}.{name} as {name}" if name == "person_id" else f"{_value(name, audit)} as {name}"
        for name in ALIKE
    )


def _pairs(spell: str, audit: str) -> str:
    held = f"{spell}.{HELD.format(spell=spell)}"
    return f"from {spell} join {audit} on {audit}.id = {spell}.audit_id where {held}"


def _count_on_sqlite() -> None:
    """Keep one row for each tally: SQLite has one writer, so nobody waits for another's count."""
    for event, rows in ROWS.items():
        on = "update of audit_id, person_id, ended_on" if event == "update" else event
        counted = " ".join(_of_a_spell(row, 1 if row == "new" else -1) for row in rows.split())
        op.execute(
            f"create trigger {_name('assignments', event)} after {on} on assignments begin {counted} end"
        )
    op.execute(
        f"create trigger {_name('audits', 'update')} after update of {', '.join(OF_AUDITS)} on audits "
        f"begin {_of_an_audit('old', -1)} {_of_an_audit('new', 1)} end"
    )
    # before, because its auditors are gone once it is
    gone = _of_an_audit("old", -1)
    op.execute(f"create trigger {_name('audits', 'delete')} before delete on audits begin {gone} end")


def _of_a_spell(row: str, number: int) -> str:
    """Return the statements that count a spell, if it has not ended and its audit is still there."""
    spell = f"(select {row}.person_id as person_id, {row}.audit_id as audit_id, {row}.ended_on as ended_on)"
    return _count(
        f"select {_counted('spell', 'audits')} from {spell} as spell "  # nosec B608 # names
        f"join audits on audits.id = spell.audit_id where spell.{HELD.format(spell='spell')}",
        number,
    )


def _of_an_audit(row: str, number: int) -> str:
    """Return the statements that count an audit for each of its auditors."""
    values = ", ".join(f"{_value(name, row)} as {name}" for name in OF_AUDITS)
    return _count(
        f"select spell.person_id as person_id, {values} from assignments as spell "  # nosec B608 # names
        f"where spell.audit_id = {row}.id and spell.{HELD.format(spell='spell')}",
        number,
    )


def _count(kinds: str, number: int) -> str:
    """Return the statements that count one more or fewer of each of these kinds."""
    alike = " and ".join(f"{TABLE}.{name} is kind.{name}" for name in ALIKE)
    names = ", ".join(ALIKE)
    return (
        f"insert into {TABLE} ({names}, number) select {names}, 0 from ({kinds}) as kind "  # nosec B608 # names
        f"where not exists (select 1 from {TABLE} where {alike}); "
        f"update {TABLE} set number = number + {number} "
        f"where id in (select {TABLE}.id from ({kinds}) as kind join {TABLE} on {alike});"
    )


def _count_on_postgresql() -> None:
    """Add a row for each kind that a statement changes: nobody waits for another's count."""
    for event, rows in ROWS.items():
        tables = [table for table, row in (("removed", "old"), ("added", "new")) if row in rows]
        of_spells = (
            f"select {_counted(table, 'audits')}, {NUMBERS[table]} as number {_pairs(table, 'audits')}"  # nosec B608 # names
            for table in tables
        )
        _trigger("assignments", event, tables, of_spells)
    of_audits = (
        f"select {_counted('assignments', table)}, {number} as number {_pairs('assignments', table)}"  # nosec B608 # names
        for table, number in NUMBERS.items()
    )
    _trigger("audits", "update", list(NUMBERS), of_audits)
    # before, because its auditors are gone once it is
    name = _name("audits", "delete")
    counted = ", ".join(f"{_value(each, 'old')}" for each in OF_AUDITS)
    op.execute(
        f"create function {name}() returns trigger language plpgsql {BY_INDEX} as $$ begin "  # nosec B608 # names
        f"insert into {TABLE} ({', '.join(ALIKE)}, number) select spell.person_id, {counted}, -1 "
        f"from assignments as spell where spell.audit_id = old.id and spell.{HELD.format(spell='spell')}; "
        "return old; end $$"
    )
    op.execute(f"create trigger {name} before delete on audits for each row execute function {name}()")


def _trigger(table: str, event: str, tables: list[str], counted: Iterable[str]) -> None:
    name, alike = _name(table, event), ", ".join(ALIKE)
    transitions = {"removed": "old table as removed", "added": "new table as added"}
    op.execute(
        f"create function {name}() returns trigger language plpgsql {BY_INDEX} as $$ begin "  # nosec B608 # names
        f"insert into {TABLE} ({alike}, number) select {alike}, sum(number) "
        f"from ({' union all '.join(counted)}) as counted group by {alike} having sum(number) <> 0; "
        "return null; end $$"
    )
    op.execute(
        f"create trigger {name} after {event} on {table} "
        f"referencing {' '.join(transitions[each] for each in tables)} "
        f"for each statement execute function {name}()"
    )
