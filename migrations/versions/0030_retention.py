"""when case numbers and texts are removed

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retentions",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("remove_on", sa.Date(), nullable=True),
        sa.Column("remove_because", sa.String(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("held_because", sa.String(), nullable=True),
        sa.Column("held_by_id", sa.Integer(), nullable=True),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.Column("warned_of", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(remove_on is null) = (remove_because is null)", name=op.f("ck_retentions_date_with_reason")
        ),
        sa.CheckConstraint(
            "(held_on is null) = (held_because is null)", name=op.f("ck_retentions_hold_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_retentions_cycle_id_cycles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["held_by_id"], ["people.id"], name=op.f("fk_retentions_held_by_id_people")),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_retentions")),
    )
    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=False),
        sa.Column("removed_by", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("compacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "what in ('texts', 'cases not drawn', 'emails', 'leaver')", name=op.f("ck_removals_what")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_removals_cycle_id_cycles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
    )
    op.create_index(op.f("ix_removals_cycle_id"), "removals", ["cycle_id"])
    op.create_table(
        "retention_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("email_months", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_retention_periods_one_row")),
        sa.CheckConstraint("months between 1 and 240", name=op.f("ck_retention_periods_months")),
        sa.CheckConstraint("email_months between 1 and 240", name=op.f("ck_retention_periods_email_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_periods")),
    )
    op.create_table(
        "cases_counted",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("same_cases", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_cases_counted_cycle_id_cycles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_cases_counted")),
    )
    with op.batch_alter_table("worker_replies") as batch_op:
        batch_op.alter_column("worker_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("worker_number", sa.Integer(), nullable=True))
    op.add_column("people", sa.Column("anonymous_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "anonymous_on")
    # nobody is left to be their worker
    op.execute("DELETE FROM worker_replies WHERE worker_id IS NULL")
    with op.batch_alter_table("worker_replies") as batch_op:
        batch_op.drop_column("worker_number")
        batch_op.alter_column("worker_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("cases_counted")
    op.drop_table("retention_periods")
    op.drop_table("removals")
    op.drop_table("retentions")
