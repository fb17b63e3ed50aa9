"""the number of auditors that a cycle needs, self-assessment, and the rule that an override sets aside

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give each cycle two auditors, as all have had so far."""
    # the constraint stands with its column, so that SQLite can add and drop it without a new table
    one_or_two = sa.CheckConstraint("auditors between 1 and 2", name=op.f("ck_cycles_auditors"))
    op.add_column(
        "cycles", sa.Column("auditors", sa.Integer(), one_or_two, nullable=False, server_default="2")
    )
    op.add_column(
        "cycles", sa.Column("self_assessment", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("assignments", sa.Column("overridden", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("assignments", "overridden")
    op.drop_column("cycles", "self_assessment")
    op.drop_column("cycles", "auditors")
