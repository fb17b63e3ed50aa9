"""which audits were confirmed in the product

Revision ID: 0017
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark the audits that are confirmed: files could not bring a confirmation until now."""
    op.add_column(
        "audits", sa.Column("confirmed_in_product", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    audits = sa.table("audits", *map(sa.column, ("confirmed_on", "confirmed_in_product")))
    op.execute(
        audits.update().where(audits.c.confirmed_on.is_not(None)).values(confirmed_in_product=sa.true())
    )


def downgrade() -> None:
    op.drop_column("audits", "confirmed_in_product")
