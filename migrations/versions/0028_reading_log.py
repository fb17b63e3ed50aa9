"""the record of reading: entries, the cases that each showed, for how long it is kept

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KINDS = (
    "'signed in', 'signed out', 'sign-in refused', 'locked out', 'refused', 'case numbers', 'download', "
    "'api', 'export'"
)


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("program", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("how_many", sa.Integer(), nullable=False),
        sa.Column("from_address", sa.String(), nullable=True),
        sa.CheckConstraint(f"kind in ({KINDS})", name=op.f("ck_readings_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_readings_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    op.create_index(op.f("ix_readings_at"), "readings", ["at"])
    op.create_index("ix_readings_person_id_at", "readings", ["person_id", "at"])
    op.create_table(
        "cases_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.Column("drawn_case_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(audit_id is null) <> (drawn_case_id is null)", name=op.f("ck_cases_read_audit_or_drawn_case")
        ),
        sa.ForeignKeyConstraint(
            ["reading_id"],
            ["readings.id"],
            name=op.f("fk_cases_read_reading_id_readings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_cases_read_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["drawn_case_id"],
            ["drawn_cases.id"],
            name=op.f("fk_cases_read_drawn_case_id_drawn_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases_read")),
    )
    for column in ("reading_id", "audit_id", "drawn_case_id"):
        op.create_index(op.f(f"ix_cases_read_{column}"), "cases_read", [column])
    op.create_table(
        "readings_kept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_readings_kept_one_row")),
        sa.CheckConstraint("months between 6 and 84", name=op.f("ck_readings_kept_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings_kept")),
    )


def downgrade() -> None:
    op.drop_table("readings_kept")
    op.drop_table("cases_read")
    op.drop_table("readings")
