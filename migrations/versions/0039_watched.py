"""what administrators were told about the service, failures of tasks, and counts of delivery

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "troubles",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "machine", name=op.f("pk_troubles")),
    )
    op.create_table(
        "task_failures",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_task_failures")),
    )
    op.create_table(
        "delivery_counts",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_delivery_counts")),
    )
    with op.batch_alter_table("delivery_state") as table:
        table.add_column(sa.Column("stands_still_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("delivery_state") as table:
        table.drop_column("stands_still_since")
    op.drop_table("delivery_counts")
    op.drop_table("task_failures")
    op.drop_table("troubles")
