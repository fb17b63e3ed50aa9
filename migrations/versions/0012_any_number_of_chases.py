"""any number of chases of an audit on a day, each with whom it was

Revision ID: 0012
Revises: 0010
"""

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

ONE_A_DAY = "uq_chases_audit_id_day_channel"


def changing() -> AbstractContextManager[BatchOperations]:
    """Change the table; SQLite makes it anew, and does not see by itself what is checked."""
    channels = sa.CheckConstraint(
        "channel in ('email', 'phone', 'in person')", name=op.f("ck_chases_channel")
    )
    return op.batch_alter_table("chases", table_args=(channels,))


def upgrade() -> None:
    with changing() as batch_op:
        batch_op.add_column(sa.Column("with_whom", sa.String(), nullable=True))
        batch_op.drop_constraint(ONE_A_DAY, type_="unique")
        batch_op.create_index("ix_chases_audit_id_day", ["audit_id", "day"])


def downgrade() -> None:
    """Keep the first chase of each day and channel: there is no room for the others."""
    chases = sa.table("chases", *map(sa.column, ("id", "audit_id", "day", "channel")))
    first = sa.select(sa.func.min(chases.c.id)).group_by(chases.c.audit_id, chases.c.day, chases.c.channel)
    op.execute(sa.delete(chases).where(chases.c.id.not_in(first)))
    with changing() as batch_op:
        batch_op.drop_index("ix_chases_audit_id_day")
        batch_op.drop_column("with_whom")
        batch_op.create_unique_constraint(ONE_A_DAY, ["audit_id", "day", "channel"])
