"""what an audit was returned with before it was sent back, and the day on which a quick win was planned

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("returns", sa.Column("confirmed_on", sa.Date(), nullable=True))
    op.add_column("returns", sa.Column("kept", sa.JSON(), nullable=True))
    op.add_column("quick_wins", sa.Column("raised_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Remove them: what was returned before it was sent back is lost."""
    op.drop_column("quick_wins", "raised_on")
    op.drop_column("returns", "kept")
    op.drop_column("returns", "confirmed_on")
