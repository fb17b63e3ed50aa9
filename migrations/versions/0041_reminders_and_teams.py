"""indexes of the items that remind auditors of audits, and of the audits of each team by due day

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
    op.drop_index("ix_audits_team_id", "audits")
    op.create_index("ix_audits_team_id_due_on", "audits", ["team_id", "due_on", "reference"])


def downgrade() -> None:
    op.drop_index("ix_audits_team_id_due_on", "audits")
    op.create_index("ix_audits_team_id", "audits", ["team_id"])
    op.drop_index("ix_message_items_reminders", "message_items")
