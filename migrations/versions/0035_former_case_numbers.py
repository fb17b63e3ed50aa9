"""numbers of cases that were corrected; breaks of the history that were acknowledged

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_case_numbers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(), nullable=True),
        sa.Column("case_folded", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audits.id"],
            name=op.f("fk_former_case_numbers_audit_id_audits"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_case_numbers")),
    )
    for column in ("audit_id", "case_folded"):
        op.create_index(
            op.f(f"ix_former_case_numbers_{column}"), "former_case_numbers", [column], unique=False
        )
    op.add_column("history_checks", sa.Column("acknowledged", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("history_checks") as batch:
        batch.drop_column("acknowledged")
    op.drop_table("former_case_numbers")
