"""answers and the context of cases

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# the first entries; afterwards the lists are the council's own
PLACES = ("ICS", "Paris", "Paper file", "Supervision file")
FACTORS = ("social worker vacancy", "change of social worker", "change of team manager", "system trouble")


def upgrade() -> None:
    _create_list("evidence_places", PLACES)
    _create_list("context_factors", FACTORS)
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=True),
        sa.Column("found_in_id", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_answers_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_answers_question_id_questions")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["scale_responses.id"], name=op.f("fk_answers_response_id_scale_responses")
        ),
        sa.ForeignKeyConstraint(
            ["found_in_id"], ["evidence_places.id"], name=op.f("fk_answers_found_in_id_evidence_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("audit_id", "question_id", name=op.f("uq_answers_audit_id_question_id")),
    )
    op.create_index(
        "ix_answers_counted", "answers", ["question_id", "response_id", "found_in_id", "audit_id"]
    )
    op.create_table(
        "context_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("factor_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_context_notes_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["factor_id"], ["context_factors.id"], name=op.f("fk_context_notes_factor_id_context_factors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_context_notes")),
        sa.UniqueConstraint("audit_id", "factor_id", name=op.f("uq_context_notes_audit_id_factor_id")),
    )


def _create_list(name: str, labels: tuple[str, ...]) -> None:
    table = op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("label", name=op.f(f"uq_{name}_label")),
    )
    op.bulk_insert(
        table, [{"label": label, "position": position} for position, label in enumerate(labels, start=1)]
    )


def downgrade() -> None:
    op.drop_table("context_notes")
    op.drop_table("answers")
    op.drop_table("context_factors")
    op.drop_table("evidence_places")
