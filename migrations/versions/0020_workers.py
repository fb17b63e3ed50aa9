"""the worker whose case is audited, what they are told, their replies, and talks about an audit

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WHOSE = "whose in ('second', 'agreed', 'moderated', 'dispute')"
WHOSE_WITH_REPLIES = "whose in ('second', 'agreed', 'moderated', 'dispute', 'reply')"


def upgrade() -> None:
    # with its reference at once: SQLite cannot add that to a column afterwards
    op.execute(
        "ALTER TABLE audits ADD COLUMN worker_id INTEGER "
        f"CONSTRAINT {op.f('fk_audits_worker_id_people')} REFERENCES people (id)"
    )
    op.create_index(op.f("ix_audits_worker_id"), "audits", ["worker_id"])
    # the constraint stands with its column, so that SQLite can add and drop it without a new table
    known = sa.CheckConstraint("workers in ('not told', 'told', 'may reply')", name=op.f("ck_cycles_workers"))
    op.add_column(
        "cycles", sa.Column("workers", sa.String(), known, nullable=False, server_default="not told")
    )
    op.create_table(
        "worker_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.CheckConstraint("(reply is null) = (replied_on is null)", name=op.f("ck_worker_replies_reply")),
        sa.CheckConstraint(
            "decided_on is null or replied_on is not null",
            name=op.f("ck_worker_replies_decided_after_reply"),
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_worker_replies_audit_id_audits"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_worker_replies_{column}_people"))
            for column in ("worker_id", "decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_replies")),
        sa.UniqueConstraint("reference", name=op.f("uq_worker_replies_reference")),
    )
    op.create_index(op.f("ix_worker_replies_audit_id"), "worker_replies", ["audit_id"])
    op.create_index(op.f("ix_worker_replies_worker_id"), "worker_replies", ["worker_id"])
    op.create_index("ix_worker_replies_folded", "worker_replies", ["folded"], unique=True)
    op.create_table(
        "feedback_talks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("agreed", sa.String(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_feedback_talks_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["people.id"], name=op.f("fk_feedback_talks_noted_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_talks")),
    )
    op.create_index(op.f("ix_feedback_talks_audit_id"), "feedback_talks", ["audit_id"])
    _views(WHOSE_WITH_REPLIES)


def _views(after: str) -> None:
    """Change what the views of answers may be. SQLite makes the table anew."""
    name = op.f("ck_answer_views_whose")
    with op.batch_alter_table("answer_views") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, after)


def downgrade() -> None:
    """Remove it, and the answers that a reply changed: the earlier ones count again."""
    views = sa.table("answer_views", sa.column("whose"))
    op.execute(sa.delete(views).where(views.c.whose == "reply"))
    _views(WHOSE)
    op.drop_table("feedback_talks")
    op.drop_table("worker_replies")
    op.drop_column("cycles", "workers")
    op.drop_index(op.f("ix_audits_worker_id"), "audits")
    with op.batch_alter_table("audits") as batch_op:
        batch_op.drop_constraint(op.f("fk_audits_worker_id_people"), type_="foreignkey")
        batch_op.drop_column("worker_id")
