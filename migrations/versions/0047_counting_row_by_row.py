"""triggers that look up each row that a statement changes, in one order alone, on PostgreSQL

Revision ID: 0047
Revises: 0046
"""

# ruff: noqa: S608  the names of columns and tables below

from collections.abc import Callable, Iterable

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

PARTS = {"has_lead": "lead", "has_second": "second"}
CHANGED = {"insert": ("added",), "update": ("added", "removed"), "delete": ("removed",)}
NUMBERS = {"added": 1, "removed": -1}
TALLY = ("person_id", "cycle_id", "returned_on", "first_due_on", "withdrawn_on", "exempted_on")
NOT_ENDED = "ended_on is null and {spell}person_id is not null"


def upgrade() -> None:
    # A function's plan is kept from its first call. Made when the tables were almost empty, it could go
    # through all audits and look for each among the rows of the statement: an import then took minutes, and
    # ten times as many rows a hundred times as long. These can only go through the rows of the statement.
    if op.get_bind().dialect.name == "postgresql":
        _hold(
            "update audits set {sets} where id = any(array({whose})) and ({names}) is distinct from ({now});"
        )
        _count(_audit_of_each_spell, _spells_of_each_audit)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _hold(
            "update audits set {sets_of_now} from (select audit_id, {now_as} from ({whose}) as whose) as now "
            "where id = now.audit_id and ({names}) is distinct from ({names_of_now});"
        )
        _count(_join_audits, _join_spells)


def _hold(statement: str) -> None:
    """Make the functions that tell which parts of an audit are held."""
    names = tuple(PARTS)
    for event, tables in CHANGED.items():
        now = {name: _held(part, "audits.id") for name, part in PARTS.items()}
        whose_now = {name: _held(part, "whose.audit_id") for name, part in PARTS.items()}
        does = statement.format(
            whose=" union ".join(f"select audit_id from {table}" for table in tables),  # nosec B608 # names
            names=", ".join(f"audits.{name}" for name in names),
            names_of_now=", ".join(f"now.{name}" for name in names),
            now=", ".join(now.values()),
            now_as=", ".join(f"{held} as {name}" for name, held in whose_now.items()),
            sets=", ".join(f"{name} = {held}" for name, held in now.items()),
            sets_of_now=", ".join(f"{name} = now.{name}" for name in names),
        )
        _function(f"assignments_counted_at_{event}", does)


def _held(part: str, audit_id: str) -> str:
    spell = f"assignments where audit_id = {audit_id} and part = '{part}' and ended_on is null"  # nosec B608 # names
    return f"(select person_id from {spell}) is not null"  # nosec B608 # names


def _count(of_spells: Callable[[str], str], of_audits: Callable[[str], str]) -> None:
    """Make the functions that count the audits of each auditor."""
    for event, tables in CHANGED.items():
        removed_first = sorted(tables, reverse=True)
        _function(f"assignments_of_auditors_at_{event}", _tallied(map(of_spells, removed_first)))
    _function("audits_of_auditors_at_update", _tallied(map(of_audits, NUMBERS)))


def _tallied(counted: Iterable[str]) -> str:
    alike = ", ".join(TALLY)
    return (
        f"insert into auditor_tallies ({alike}, number) select {alike}, sum(number) "  # nosec B608 # names
        f"from ({' union all '.join(counted)}) as counted group by {alike} having sum(number) <> 0;"
    )


def _values(audit: str) -> str:
    """Return what an audit counts as, besides its auditor."""
    first_due_on = f"case when {audit}.returned_on is not null then {audit}.first_due_on end"
    values = {name: f"{audit}.{name}" for name in TALLY[1:]} | {"first_due_on": first_due_on}
    return ", ".join(f"{value} as {name}" for name, value in values.items())


def _audit_of_each_spell(table: str) -> str:
    # the offset keeps the two from becoming a join, which has an order of its own
    audit = f"select * from audits where id = {table}.audit_id offset 0"  # nosec B608 # names
    has_it = NOT_ENDED.format(spell=f"{table}.")
    return (
        f"select {table}.person_id as person_id, {_values('audit')}, {NUMBERS[table]} as number "  # nosec B608 # names
        f"from {table} cross join lateral ({audit}) as audit where {table}.{has_it}"
    )


def _spells_of_each_audit(table: str) -> str:
    spells = (
        f"select person_id from assignments where audit_id = {table}.id and "  # nosec B608 # names
        f"{NOT_ENDED.format(spell='')} offset 0"
    )
    return (
        f"select spell.person_id as person_id, {_values(table)}, {NUMBERS[table]} as number "  # nosec B608 # names
        f"from {table} cross join lateral ({spells}) as spell"
    )


def _join_audits(table: str) -> str:
    return (
        f"select {table}.person_id as person_id, {_values('audits')}, {NUMBERS[table]} as number "  # nosec B608 # names
        f"from {table} join audits on audits.id = {table}.audit_id "
        f"where {table}.{NOT_ENDED.format(spell=table + '.')}"
    )


def _join_spells(table: str) -> str:
    return (
        f"select assignments.person_id as person_id, {_values(table)}, {NUMBERS[table]} as number "  # nosec B608 # names
        f"from assignments join {table} on {table}.id = assignments.audit_id "
        f"where assignments.{NOT_ENDED.format(spell='assignments.')}"
    )


def _function(name: str, does: str) -> None:
    settings = " ".join(f"set enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin"))
    op.execute(
        f"create or replace function {name}() returns trigger language plpgsql {settings} "
        f"as $$ begin {does} return null; end $$"
    )
