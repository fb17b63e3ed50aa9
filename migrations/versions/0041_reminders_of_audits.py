"""an index of the items that remind auditors of audits

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

REMINDERS = sa.text("obligation_kind = 'audit' AND kind = 'digest' AND step <> 'assigned'")


def upgrade() -> None:
    op.create_index(
        "ix_message_items_reminders",
        "message_items",
        ["obligation_kind", "obligation_id", "person_id", "carrier_id"],
        sqlite_where=REMINDERS,
        postgresql_where=REMINDERS,
    )


def downgrade() -> None:
    op.drop_index("ix_message_items_reminders", "message_items")
