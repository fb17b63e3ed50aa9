"""calls that coordinators made about work besides audits

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls_made",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_kind", sa.String(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("with_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_calls_made_{column}_people"))
            for column in ("with_id", "by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls_made")),
    )
    op.create_index("ix_calls_made_obligation", "calls_made", ["obligation_kind", "obligation_id"])


def downgrade() -> None:
    op.drop_table("calls_made")
