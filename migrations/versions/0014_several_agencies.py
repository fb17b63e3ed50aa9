"""agencies, those of a cycle, the agency or the meeting that an audit belongs to, and who took part in it

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("name", name=op.f("uq_agencies_name")),
    )
    op.create_index(op.f("ix_agencies_folded"), "agencies", ["folded"], unique=True)
    op.create_table(
        "cycle_agencies",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_cycle_agencies_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_cycle_agencies_cycle_id_cycles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cycle_id", "agency_id", name=op.f("pk_cycle_agencies")),
    )
    with op.batch_alter_table("audits") as batch_op:
        batch_op.add_column(sa.Column("agency_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_together", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(
            batch_op.f("fk_audits_agency_id_agencies"), "agencies", ["agency_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_audits_agency_or_together"), "agency_id is null or not is_together"
        )
    op.add_column("form_notes", sa.Column("took_part", sa.String(), nullable=True))


def downgrade() -> None:
    """Keep the audits of all agencies: each is then one more audit of its case."""
    op.drop_column("form_notes", "took_part")
    with op.batch_alter_table("audits") as batch_op:
        batch_op.drop_constraint(op.f("ck_audits_agency_or_together"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_audits_agency_id_agencies"), type_="foreignkey")
        for name in ("is_together", "agency_id"):
            batch_op.drop_column(name)
    op.drop_table("cycle_agencies")
    op.drop_table("agencies")
