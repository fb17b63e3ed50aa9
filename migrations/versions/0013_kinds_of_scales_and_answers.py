"""kinds of scales, numbers, days, several responses, conditions, sections set aside

Revision ID: 0013
Revises: 0012
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WORDS = ("unit", "from_label", "to_label", "counted_in", "theme", "recorded_in")
SAID = ("applies_if", "at_most", "calls_for_response")
NUMBERS = ("met_up_to", "met_from")
ANSWERED = ("answers", "answer_views")


def upgrade() -> None:
    """Add what tools and answers can hold from now on, and store the kind of each scale."""
    op.create_table(
        "scales",
        sa.Column("tool_id", sa.Integer(), nullable=False),
        sa.Column("scale", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind in ('evidence', 'grade', 'category')", name=op.f("ck_scales_kind")),
        sa.ForeignKeyConstraint(
            ["tool_id"], ["tools.id"], name=op.f("fk_scales_tool_id_tools"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tool_id", "scale", name=op.f("pk_scales")),
    )
    for name, owner, key, on_delete in (
        ("further_responses", "answers", "answer_id", "CASCADE"),
        ("further_view_responses", "answer_views", "view_id", "CASCADE"),
    ):
        op.create_table(
            name,
            sa.Column(key, sa.Integer(), nullable=False),
            sa.Column("response_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                [key], [f"{owner}.id"], name=op.f(f"fk_{name}_{key}_{owner}"), ondelete=on_delete
            ),
            sa.ForeignKeyConstraint(
                ["response_id"],
                ["scale_responses.id"],
                name=op.f(f"fk_{name}_response_id_scale_responses"),
            ),
            sa.PrimaryKeyConstraint(key, "response_id", name=op.f(f"pk_{name}")),
        )
    op.create_table(
        "sections_set_aside",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audits.id"],
            name=op.f("fk_sections_set_aside_audit_id_audits"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_sections_set_aside_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("audit_id", "section_id", name=op.f("pk_sections_set_aside")),
    )
    op.add_column("tools", sa.Column("unit", sa.String(), nullable=True))
    op.add_column("tools", sa.Column("overall", sa.String(), nullable=True))
    op.add_column("tools", sa.Column("limits", sa.JSON(), nullable=True))
    op.add_column("sections", sa.Column("key", sa.String(), nullable=True))
    op.add_column("sections", sa.Column("optional", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sections", sa.Column("applies_if", sa.JSON(), nullable=True))
    with op.batch_alter_table("questions") as batch_op:
        batch_op.add_column(sa.Column("answer", sa.String(), nullable=False, server_default="response"))
        batch_op.add_column(sa.Column("per_case", sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in WORDS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))
        for name in NUMBERS:
            batch_op.add_column(sa.Column(name, sa.Double(), nullable=True))
        for name in SAID:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_questions_answer"), "answer in ('response', 'number', 'days')"
        )
    for table in ANSWERED:
        op.add_column(table, sa.Column("number", sa.Double(), nullable=True))
        op.add_column(table, sa.Column("from_on", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("to_on", sa.Date(), nullable=True))
    op.add_column("answers", sa.Column("above_limit_because", sa.String(), nullable=True))
    _store_kinds()


def _store_kinds() -> None:
    responses = sa.table("scale_responses", *map(sa.column, ("tool_id", "scale", "counts_as")))
    counted: dict[tuple[int, str], int] = defaultdict(int)
    for tool_id, scale, counts_as in op.get_bind().execute(sa.select(responses)):
        counted[tool_id, scale] += counts_as in ("met", "not met")
    scales = sa.table("scales", *map(sa.column, ("tool_id", "scale", "kind", "several")))
    rows = [
        {
            "tool_id": tool_id,
            "scale": scale,
            "kind": "grade" if number > 2 else "evidence" if number else "category",
            "several": False,
        }
        for (tool_id, scale), number in counted.items()
    ]
    if rows:
        op.bulk_insert(scales, rows)


def downgrade() -> None:
    """Remove it, and what has no place before it.

    Lost are numbers and dates (whether a number was within its limit stays), all but the first response of an
    answer with several, which sections were set aside (their questions are then not answered), conditions,
    ceilings, limits and the overall grade, and the kind of a scale that its responses do not tell.
    """
    op.drop_column("answers", "above_limit_because")
    for table in ANSWERED:
        for name in ("number", "from_on", "to_on"):
            op.drop_column(table, name)
    with op.batch_alter_table("questions") as batch_op:
        batch_op.drop_constraint(op.f("ck_questions_answer"), type_="check")
        for name in ("answer", "per_case", *WORDS, *NUMBERS, *SAID):
            batch_op.drop_column(name)
    for name in ("key", "optional", "applies_if"):
        op.drop_column("sections", name)
    for name in ("unit", "overall", "limits"):
        op.drop_column("tools", name)
    for name in ("sections_set_aside", "further_view_responses", "further_responses", "scales"):
        op.drop_table(name)
