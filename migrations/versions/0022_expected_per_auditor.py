"""the number of audits that a cycle expects of each auditor

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # the constraint stands with its column, so that SQLite can add and drop it without a new table
    a_number = sa.CheckConstraint(
        "expected_per_auditor between 1 and 1000", name=op.f("ck_cycles_expected_per_auditor")
    )
    op.add_column("cycles", sa.Column("expected_per_auditor", sa.Integer(), a_number, nullable=True))


def downgrade() -> None:
    op.drop_column("cycles", "expected_per_auditor")
