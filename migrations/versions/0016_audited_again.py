"""the earlier cycle that a cycle audits again, and the earlier audit of each of its audits

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cycles", sa.Column("audits_again", sa.String(), nullable=True))
    with op.batch_alter_table("audits") as batch_op:
        batch_op.add_column(sa.Column("re_audit_of_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_audits_re_audit_of_id_audits"),
            "audits",
            ["re_audit_of_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index(batch_op.f("ix_audits_re_audit_of_id"), ["re_audit_of_id"])


def downgrade() -> None:
    with op.batch_alter_table("audits") as batch_op:
        batch_op.drop_index(batch_op.f("ix_audits_re_audit_of_id"))
        batch_op.drop_constraint(batch_op.f("fk_audits_re_audit_of_id_audits"), type_="foreignkey")
        batch_op.drop_column("re_audit_of_id")
    op.drop_column("cycles", "audits_again")
