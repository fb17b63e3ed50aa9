"""responses that a grade calls for, and the person whom a cycle asks for them

Revision ID: 0019
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

WHOSE = "whose in ('second', 'agreed', 'moderated')"
WHOSE_WITH_DISPUTES = "whose in ('second', 'agreed', 'moderated', 'dispute')"


def upgrade() -> None:
    op.create_table(
        "called_responses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("done", sa.String(), nullable=True),
        sa.Column("dispute", sa.String(), nullable=True),
        sa.Column("disputed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("fell_away_on", sa.Date(), nullable=True),
        sa.Column("fell_away_because", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(dispute is null) = (disputed_by_id is null)", name=op.f("ck_called_responses_dispute")
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_called_responses_audit_id_audits"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["people.id"], name=op.f(f"fk_called_responses_{column}_people")
            )
            for column in ("answered_by_id", "disputed_by_id", "decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_called_responses")),
        sa.UniqueConstraint("reference", name=op.f("uq_called_responses_reference")),
    )
    op.create_index(op.f("ix_called_responses_audit_id"), "called_responses", ["audit_id"])
    op.create_index("ix_called_responses_due_on", "called_responses", ["due_on"])
    op.create_index("ix_called_responses_folded", "called_responses", ["folded"], unique=True)
    op.create_table(
        "remedies_of_responses",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("remedy_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["called_responses.id"],
            name=op.f("fk_remedies_of_responses_response_id_called_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["remedy_id"], ["remedies.id"], name=op.f("fk_remedies_of_responses_remedy_id_remedies")
        ),
        sa.PrimaryKeyConstraint("response_id", "remedy_id", name=op.f("pk_remedies_of_responses")),
    )
    # with its reference at once: SQLite cannot add that to a column afterwards
    op.execute(
        "ALTER TABLE cycles ADD COLUMN respond_to_id INTEGER "
        f"CONSTRAINT {op.f('fk_cycles_respond_to_id_people')} REFERENCES people (id)"
    )
    _views(WHOSE_WITH_DISPUTES)


def _views(after: str) -> None:
    """Change what the views of answers may be. SQLite makes the table anew."""
    name = op.f("ck_answer_views_whose")
    with op.batch_alter_table("answer_views") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, after)


def downgrade() -> None:
    """Remove it, and the answers that a dispute changed: the moderated ones count again."""
    views = sa.table("answer_views", sa.column("whose"))
    op.execute(sa.delete(views).where(views.c.whose == "dispute"))
    _views(WHOSE)
    with op.batch_alter_table("cycles") as batch_op:
        batch_op.drop_constraint(op.f("fk_cycles_respond_to_id_people"), type_="foreignkey")
        batch_op.drop_column("respond_to_id")
    op.drop_table("remedies_of_responses")
    op.drop_table("called_responses")
