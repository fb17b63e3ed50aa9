"""the queue of background work, on PostgreSQL

The queue's own schema, as its version 3.10 makes it, is in migrations/procrastinate.

Revision ID: 0036
Revises: 0035
"""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).parents[1] / "procrastinate" / "3.10.sql"

ALL_OF_IT = """
do $$
declare
    named text;
begin
    for named in select c.oid::regclass::text from pg_class c
        where c.relkind = 'r' and c.relname like 'procrastinate\\_%' and pg_table_is_visible(c.oid) loop
        execute 'drop table ' || named || ' cascade';
    end loop;
    for named in select p.oid::regprocedure::text from pg_proc p
        where p.proname like 'procrastinate\\_%' and pg_function_is_visible(p.oid) loop
        execute 'drop function ' || named || ' cascade';
    end loop;
    for named in select t.oid::regtype::text from pg_type t
        where t.typname like 'procrastinate\\_%' and pg_type_is_visible(t.oid) loop
        execute 'drop type ' || named || ' cascade';
    end loop;
end;
$$
"""


def upgrade() -> None:
    if _driver() is not None:
        _driver().execute(SCHEMA.read_text(encoding="utf-8"))


def downgrade() -> None:
    if _driver() is not None:
        _driver().execute(ALL_OF_IT)


def _driver() -> Any:
    """Return the driver's own connection to PostgreSQL, which takes many statements at once."""
    connection = op.get_bind()
    return connection.connection.driver_connection if connection.dialect.name == "postgresql" else None
