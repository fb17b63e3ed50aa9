"""reasons for not returning that are about a person

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

PERSONAL = ("sickness", "leave", "left post")


def upgrade() -> None:
    added = sa.Column("is_personal", sa.Boolean(), nullable=False, server_default=sa.false())
    with op.batch_alter_table("not_returned_reasons") as table:
        table.add_column(added)
    reasons = sa.table(
        "not_returned_reasons", sa.column("label", sa.String), sa.column("is_personal", sa.Boolean)
    )
    op.execute(reasons.update().where(sa.func.lower(reasons.c.label).in_(PERSONAL)).values(is_personal=True))
    with op.batch_alter_table("not_returned_reasons") as table:
        table.alter_column("is_personal", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("not_returned_reasons") as table:
        table.drop_column("is_personal")
