"""indexes in the order of the lists of emails and of what was read, by which deep pages skip without reading

Revision ID: 0046
Revises: 0045
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_listed", "messages", ["id"])
    op.create_index("ix_messages_of_state", "messages", ["state", "id"])
    op.create_index("ix_messages_of_kind", "messages", ["kind", "id"])
    op.create_index("ix_readings_of_kind", "readings", ["kind", "id"])


def downgrade() -> None:
    op.drop_index("ix_readings_of_kind", table_name="readings")
    op.drop_index("ix_messages_of_kind", table_name="messages")
    op.drop_index("ix_messages_of_state", table_name="messages")
    op.drop_index("ix_messages_listed", table_name="messages")
