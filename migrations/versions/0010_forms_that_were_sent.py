"""forms that did their work, and what was typed in those that could not be accepted

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forms_sent",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("led_to", sa.String(), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_forms_sent")),
    )
    op.create_index(op.f("ix_forms_sent_sent_at"), "forms_sent", ["sent_at"])
    op.create_table(
        "typed_texts",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_typed_texts_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_typed_texts")),
    )
    op.create_index(op.f("ix_typed_texts_person_id"), "typed_texts", ["person_id"])
    op.create_index(op.f("ix_typed_texts_typed_at"), "typed_texts", ["typed_at"])


def downgrade() -> None:
    op.drop_table("typed_texts")
    op.drop_table("forms_sent")
