"""tallies of audits, and the auditors that each has

Revision ID: 0037
Revises: 0036
"""

# ruff: noqa: S608  the names of columns and tables above and below

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

ALIKE = (
    "cycle_id",
    "team_id",
    "agency_id",
    "is_together",
    "due_on",
    "started_on",
    "returned_on",
    "returned_in_product",
    "confirmed_on",
    "withdrawn_on",
    "exempted_on",
    "has_lead",
    "has_second",
)
OF_OPEN_ONES = ("due_on", "started_on")
"""The columns in which audits that were returned or withdrawn are all alike."""

OUTSTANDING = "returned_on IS NULL AND withdrawn_on IS NULL"
PARTS = {"has_lead": "lead", "has_second": "second"}
COLUMNS_OF_OUTSTANDING = ("due_on", "reference", "cycle_id", "exempted_on", "returned_on", "withdrawn_on")


def upgrade() -> None:
    for name in PARTS:
        op.add_column("audits", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "audit_tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer()),
        sa.Column("is_together", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("started_on", sa.Date()),
        sa.Column("returned_on", sa.Date()),
        sa.Column("returned_in_product", sa.Boolean(), nullable=False),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("exempted_on", sa.Date()),
        sa.Column("has_lead", sa.Boolean(), nullable=False),
        sa.Column("has_second", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_tallies"),
    )
    held = ", ".join(f"{name} = {_has(part, 'audits.id')}" for name, part in PARTS.items())
    op.execute(f"update audits set {held}")  # nosec B608 # names
    op.execute(
        f"insert into audit_tallies ({', '.join(ALIKE)}, number) select {_values('audits')}, count(*) "  # nosec B608 # names
        f"from audits group by {', '.join(str(place + 1) for place in range(len(ALIKE)))}"
    )
    op.create_index(
        "ix_audit_tallies_alike",
        "audit_tallies",
        ["cycle_id", "team_id", "due_on", "started_on", "returned_on"],
    )
    op.drop_index("ix_audits_outstanding", "audits")
    _index("ix_audits_outstanding", (*COLUMNS_OF_OUTSTANDING, "started_on", *PARTS), OUTSTANDING)
    lacking = f"{OUTSTANDING} AND (NOT has_lead OR NOT has_second)"
    _index("ix_audits_lacking", ("due_on", "reference"), lacking)
    op.create_index(
        "ix_audits_cycle_id_case_folded", "audits", ["cycle_id", "case_folded", "returned_on", "withdrawn_on"]
    )
    op.create_index("ix_assignments_assigned_on", "assignments", ["assigned_on"])
    if op.get_bind().dialect.name == "sqlite":
        _count_on_sqlite()
    else:
        _count_on_postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("assignments", "audits"):
        for event in ("insert", "update", "delete"):
            op.execute(f"drop trigger {table}_counted_at_{event}{'' if sqlite else f' on {table}'}")
            if not sqlite:
                op.execute(f"drop function {table}_counted_at_{event}()")
    op.drop_index("ix_assignments_assigned_on", "assignments")
    op.drop_index("ix_audits_lacking", "audits")
    op.drop_index("ix_audits_cycle_id_case_folded", "audits")
    op.drop_index("ix_audits_outstanding", "audits")
    _index("ix_audits_outstanding", COLUMNS_OF_OUTSTANDING, OUTSTANDING)
    op.drop_table("audit_tallies")
    for name in PARTS:
        op.drop_column("audits", name)


def _index(name: str, columns: tuple[str, ...], where: str) -> None:
    op.create_index(
        name, "audits", list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _has(part: str, audit_id: str) -> str:
    return (
        f"exists (select 1 from assignments where audit_id = {audit_id} and part = '{part}' "  # nosec B608 # names
        "and ended_on is null and person_id is not null)"
    )


def _value(name: str, row: str) -> str:
    """Return what a row of the audits counts as in a column of its tally."""
    if name not in OF_OPEN_ONES:
        return f"{row}.{name}"
    is_open = f"{row}.returned_on is null and {row}.withdrawn_on is null"
    return f"case when {is_open} then {row}.{name} end"


def _values(row: str) -> str:
    return ", ".join(_value(name, row) for name in ALIKE)


def _count_on_sqlite() -> None:
    """Keep one row for each tally: SQLite has one writer, so nobody waits for another's count."""
    changes = {
        "insert": ("insert", (("new", 1),)),
        "update": (f"update of {', '.join(ALIKE)}", (("old", -1), ("new", 1))),
        "delete": ("delete", (("old", -1),)),
    }
    for event, (on, counted) in changes.items():
        op.execute(
            f"create trigger audits_counted_at_{event} after {on} on audits "
            f"begin {' '.join(_counted(row, number) for row, number in counted)} end"
        )
    for event, rows in {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}.items():
        on = "update of audit_id, part, person_id, ended_on" if event == "update" else event
        op.execute(
            f"create trigger assignments_counted_at_{event} after {on} on assignments "
            f"begin {' '.join(map(_held_by, rows))} end"
        )


def _counted(row: str, number: int) -> str:
    alike = " and ".join(f"{name} is {_value(name, row)}" for name in ALIKE)
    return (
        f"insert into audit_tallies ({', '.join(ALIKE)}, number) select {_values(row)}, 0 "  # nosec B608 # names
        f"where not exists (select 1 from audit_tallies where {alike}); "
        f"update audit_tallies set number = number + {number} where {alike};"
    )


def _held_by(row: str) -> str:
    """Return the statement that gives the audit of a spell what it has now, where that changes anything."""
    names, values = ", ".join(PARTS), ", ".join(_has(part, f"{row}.audit_id") for part in PARTS.values())
    return (
        f"update audits set ({names}) = ({values}) where id = {row}.audit_id and ({names}) is not ({values});"  # nosec B608 # names
    )


def _count_on_postgresql() -> None:
    """Add a row for each kind that a statement changes: nobody waits for another's count."""
    changes = {
        "insert": "new table as added",
        "update": "new table as added old table as removed",
        "delete": "old table as removed",
    }
    numbers = {"added": 1, "removed": -1}
    for event, tables in changes.items():
        counted = " union all ".join(
            f"select {_named(table)}, {number} as number from {table}"  # nosec B608 # names
            for table, number in numbers.items()
            if table in tables
        )
        _trigger(
            "audits",
            event,
            tables,
            f"insert into audit_tallies ({', '.join(ALIKE)}, number) "  # nosec B608 # names
            f"select {', '.join(ALIKE)}, sum(number) from ({counted}) as counted "
            f"group by {', '.join(ALIKE)} having sum(number) <> 0;",
        )
        whose = " union ".join(f"select audit_id from {table}" for table in numbers if table in tables)  # nosec B608 # names
        held = ", ".join(f"{_has(part, 'whose.audit_id')} as {name}" for name, part in PARTS.items())
        _trigger(
            "assignments",
            event,
            tables,
            f"update audits set {', '.join(f'{name} = now.{name}' for name in PARTS)} "  # nosec B608 # names
            f"from (select audit_id, {held} from ({whose}) as whose) as now where id = now.audit_id "
            f"and ({', '.join(f'audits.{name}' for name in PARTS)}) "
            f"is distinct from ({', '.join(f'now.{name}' for name in PARTS)});",
        )


def _named(table: str) -> str:
    return ", ".join(f"{_value(name, table)} as {name}" for name in ALIKE)


def _trigger(table: str, event: str, rows: str, does: str) -> None:
    name = f"{table}_counted_at_{event}"
    op.execute(
        f"create function {name}() returns trigger language plpgsql as $$ begin {does} return null; end $$"
    )
    op.execute(
        f"create trigger {name} after {event} on {table} referencing {rows} "
        f"for each statement execute function {name}()"
    )
