"""triggers that look at no more than the rows that a statement changes, on PostgreSQL

Revision ID: 0043
Revises: 0042
"""

# ruff: noqa: S608  the names of columns and tables below

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

PARTS = {"has_lead": "lead", "has_second": "second"}
CHANGED = {"insert": ("added",), "update": ("added", "removed"), "delete": ("removed",)}

WHOLE_TABLES = ("seqscan", "hashjoin", "mergejoin")
"""The ways to read a table from its beginning to its end. Those of an index are left: a row at a time."""

# There is at most one spell of a part that has not ended. PostgreSQL never makes a table of all answers to
# such a question, as it does for "exists", when it does not know how many rows a statement changes.
HELD = "(select person_id from {spells}) is not null"
HELD_BEFORE = "exists (select 1 from {spells} and person_id is not null)"


def upgrade() -> None:
    # A function's plan is kept from its first call. In the first transaction of an empty database, the tables
    # are small then: they were read whole ever after, for each row of an import.
    _count(HELD)
    _each("set {} to off")


def downgrade() -> None:
    _each("reset {}")
    _count(HELD_BEFORE)


def _count(held: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for event, tables in CHANGED.items():
        whose = " union ".join(f"select audit_id from {table}" for table in tables)  # nosec B608 # names
        values = ", ".join(f"{held.format(spells=_spells(part))} as {name}" for name, part in PARTS.items())
        op.execute(
            f"create or replace function {_name('assignments', event)}() returns trigger "  # nosec B608 # names
            f"language plpgsql as $$ begin update audits "
            f"set {', '.join(f'{name} = now.{name}' for name in PARTS)} "
            f"from (select audit_id, {values} from ({whose}) as whose) as now where id = now.audit_id "
            f"and ({', '.join(f'audits.{name}' for name in PARTS)}) "
            f"is distinct from ({', '.join(f'now.{name}' for name in PARTS)}); return null; end $$"
        )


def _spells(part: str) -> str:
    return f"assignments where audit_id = whose.audit_id and part = '{part}' and ended_on is null"


def _name(table: str, event: str) -> str:
    return f"{table}_counted_at_{event}"


def _each(change: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for event in CHANGED:
        for table in ("audits", "assignments"):
            for way in WHOLE_TABLES:
                op.execute(f"alter function {_name(table, event)}() {change.format(f'enable_{way}')}")
