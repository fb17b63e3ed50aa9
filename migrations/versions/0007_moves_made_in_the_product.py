"""columns that say which moves were made in the product

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AUDITS = {
    "started_in_product": ("started",),
    "returned_in_product": ("returned",),
    "withdrawn_in_product": ("withdrawn",),
    "paired_in_product": ("assigned", "reassigned", "declined"),
}
"""The new columns of audits, and the events in the history that they are filled from."""

TRACKED = {"recommendations": "recommendation", "actions": "action", "quick_wins": "quick win"}
"""The tables of tracked things, and the name of each in the history."""


def upgrade() -> None:
    """Add the columns and fill them from the history, which alone had these facts until now."""
    history = sa.table("history", *map(sa.column, ("subject_kind", "subject", "who", "what")))

    def fill(table: str, name: str, kind: str, *what: str) -> None:
        op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        moved = sa.select(history.c.subject).where(history.c.subject_kind == kind, history.c.who != "import")
        if what:
            moved = moved.where(history.c.what.in_(what))
        filled = sa.table(table, sa.column("reference"), sa.column(name, sa.Boolean()))
        op.execute(sa.update(filled).where(filled.c.reference.in_(moved)).values({name: sa.true()}))

    for name, what in AUDITS.items():
        fill("audits", name, "audit", *what)
    for table, kind in TRACKED.items():
        fill(table, "moved_in_product", kind)


def downgrade() -> None:
    """Remove the columns: the history has the same facts."""
    for table in TRACKED:
        op.drop_column(table, "moved_in_product")
    for name in AUDITS:
        op.drop_column("audits", name)
