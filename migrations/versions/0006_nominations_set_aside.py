"""nominations of good work that are set aside

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nominations_set_aside",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audits.id"],
            name=op.f("fk_nominations_set_aside_audit_id_audits"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_nominations_set_aside_by_id_people")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_nominations_set_aside")),
    )


def downgrade() -> None:
    op.drop_table("nominations_set_aside")
