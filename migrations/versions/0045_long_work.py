"""files to download that workers make, beside long imports

Imports that wait or go on stay as they are; files that were made go with the way back.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "long_work",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("seen_as", sa.String(), nullable=True),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_long_work"),
        sa.ForeignKeyConstraint(
            ["token"],
            ["waiting_files.token"],
            name="fk_long_work_token_waiting_files",
            ondelete="CASCADE",
        ),
    )
    op.execute(
        "insert into long_work (token, kind, asked_by, asked_at, attempts, rows, ended, failed)"
        " select token, 'imports', asked_by, asked_at, attempts, rows, ended, failed from long_imports"
    )
    op.drop_table("long_imports")


def downgrade() -> None:
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
    op.execute(
        "insert into long_imports (token, asked_by, asked_at, attempts, rows, ended, failed)"
        " select token, asked_by, asked_at, attempts, rows, ended, failed from long_work"
        " where kind = 'imports'"
    )
    op.drop_table("long_work")
    op.execute("delete from waiting_files where kind = 'files'")
