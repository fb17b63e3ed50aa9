"""files that wait, and long imports, in the database

Files that waited in the instance folder are left there: they are a day old at most, and can be sent again.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_files",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=True),
        sa.Column("sent_as", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_waiting_files"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_waiting_files_person_id_people"),
    )
    op.create_table(
        "long_imports",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_long_imports"),
        sa.ForeignKeyConstraint(
            ["token"],
            ["waiting_files.token"],
            name="fk_long_imports_token_waiting_files",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("long_imports")
    op.drop_table("waiting_files")
