"""author, contact and protective marking of a report, as its coordinator wrote them

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_heads",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("marking", sa.String(), nullable=False),
        sa.CheckConstraint(
            "audience in ('council', 'partnership', 'auditors', 'staff')",
            name=op.f("ck_paper_heads_audience"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_paper_heads_cycle_id_cycles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cycle_id", "audience", name=op.f("pk_paper_heads")),
    )


def downgrade() -> None:
    op.drop_table("paper_heads")
