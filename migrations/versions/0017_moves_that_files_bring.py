"""which audits were confirmed and moderated in the product

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


FACTS = (("audits", "confirmed_in_product"), ("moderations", "in_product"))


def upgrade() -> None:
    """Mark what was confirmed and moderated: files could bring neither until now."""
    for table, column in FACTS:
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    audits = sa.table("audits", *map(sa.column, ("confirmed_on", "confirmed_in_product")))
    op.execute(
        audits.update().where(audits.c.confirmed_on.is_not(None)).values(confirmed_in_product=sa.true())
    )
    moderations = sa.table("moderations", sa.column("in_product"))
    op.execute(moderations.update().values(in_product=sa.true()))


def downgrade() -> None:
    for table, column in FACTS:
        op.drop_column(table, column)
