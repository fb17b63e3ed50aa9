"""case numbers as they are compared, and which were corrected in the product

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from app.case_numbers import folded

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("audits", "drawn_cases")
AT_ONCE = 5_000


def upgrade() -> None:
    """Add the columns and fill them. The index is on what is searched for, no longer on what is shown."""
    for name in TABLES:
        op.add_column(name, sa.Column("case_folded", sa.String(), nullable=True))
        _fill(sa.table(name, *map(sa.column, ("id", "case_reference", "case_folded"))))
        op.create_index(f"ix_{name}_case_folded", name, ["case_folded"])
    op.drop_index("ix_audits_case_reference", "audits")
    # case numbers could not be corrected until now
    corrected = sa.Column("numbered_in_product", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("audits", corrected)


def _fill(table: sa.TableClause) -> None:
    connection, last = op.get_bind(), 0
    query = sa.select(table.c.id, table.c.case_reference).order_by(table.c.id).limit(AT_ONCE)
    filling = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("its_id"))
        .values(case_folded=sa.bindparam("its_number", type_=sa.String()))
    )
    while rows := connection.execute(query.where(table.c.id > last)).all():
        last = rows[-1].id
        numbers = [{"its_id": row.id, "its_number": folded(row.case_reference or "") or None} for row in rows]
        connection.execute(filling, numbers)


def downgrade() -> None:
    """Remove the columns: the numbers they follow from are there."""
    op.drop_column("audits", "numbered_in_product")
    op.create_index("ix_audits_case_reference", "audits", ["case_reference"])
    for name in TABLES:
        op.drop_index(f"ix_{name}_case_folded", name)
        op.drop_column(name, "case_folded")
