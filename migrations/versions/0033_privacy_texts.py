"""council accounts that people sign in with, and what the privacy page says

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council_accounts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_council_accounts_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "issuer", name=op.f("pk_council_accounts")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_council_accounts_issuer_subject")),
    )
    op.create_table(
        "privacy_texts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_privacy_texts")),
    )


def downgrade() -> None:
    op.drop_table("privacy_texts")
    op.drop_table("council_accounts")
