"""the form, moderation, concerns, drawing cases, snapshots

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier_cycles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_cycles")),
        sa.UniqueConstraint("reference", name=op.f("uq_earlier_cycles_reference")),
    )
    op.create_table(
        "standards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.CheckConstraint(
            "source in ('statute', 'inspection criteria', 'learning from reviews', 'local priority')",
            name=op.f("ck_standards_source"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standards")),
        sa.UniqueConstraint("name", name=op.f("uq_standards_name")),
    )
    op.create_table(
        "earlier_figures",
        sa.Column("earlier_cycle_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.CheckConstraint("percent between 0 and 100", name=op.f("ck_earlier_figures_percent")),
        sa.ForeignKeyConstraint(
            ["earlier_cycle_id"],
            ["earlier_cycles.id"],
            name=op.f("fk_earlier_figures_earlier_cycle_id_earlier_cycles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("earlier_cycle_id", "question", name=op.f("pk_earlier_figures")),
    )
    op.create_table(
        "draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "method in ('random', 'stratified', 'hand-picked', 'whole population')",
            name=op.f("ck_draws_method"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_draws_cycle_id_cycles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["people.id"], name=op.f("fk_draws_drawn_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    op.create_index("ix_draws_cycle_id", "draws", ["cycle_id"], unique=False)

    op.create_table(
        "snapshots",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("findings", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_snapshots_cycle_id_cycles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_whom", sa.String(), nullable=False),
        sa.Column("told_when", sa.String(), nullable=False),
        sa.Column("told_how", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("last_told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times_told", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("acknowledgement", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["people.id"], name=op.f("fk_alerts_acknowledged_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_alerts_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["raised_by_id"], ["people.id"], name=op.f("fk_alerts_raised_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("reference", name=op.f("uq_alerts_reference")),
    )
    op.create_index("ix_alerts_audit_id", "alerts", ["audit_id"], unique=False)
    op.create_index(
        "ix_alerts_open",
        "alerts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("acknowledged_at IS NULL"),
        postgresql_where=sa.text("acknowledged_at IS NULL"),
    )

    op.create_table(
        "answer_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.CheckConstraint("whose in ('second', 'agreed', 'moderated')", name=op.f("ck_answer_views_whose")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_answer_views_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_answer_views_by_id_people")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_answer_views_question_id_questions")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["scale_responses.id"], name=op.f("fk_answer_views_response_id_scale_responses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_views")),
        sa.UniqueConstraint(
            "audit_id", "question_id", "whose", name=op.f("uq_answer_views_audit_id_question_id_whose")
        ),
    )
    op.create_table(
        "completed_sections",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"],
            ["audits.id"],
            name=op.f("fk_completed_sections_audit_id_audits"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_completed_sections_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("audit_id", "section_id", name=op.f("pk_completed_sections")),
    )
    op.create_table(
        "drawn_cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(), nullable=True),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("left_out_because", sa.String(), nullable=True),
        sa.Column("stands_in_for_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draws.id"], name=op.f("fk_drawn_cases_draw_id_draws"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["stands_in_for_id"], ["drawn_cases.id"], name=op.f("fk_drawn_cases_stands_in_for_id_drawn_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawn_cases")),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_drawn_cases_draw_id_position")),
    )
    op.create_table(
        "form_notes",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("hard_to_find", sa.String(), nullable=True),
        sa.Column("exemplar_because", sa.String(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_form_notes_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["people.id"], name=op.f("fk_form_notes_entered_by_id_people")
        ),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_form_notes")),
    )
    op.create_table(
        "moderations",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("chosen_because", sa.String(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("read_before_grade", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "chosen_because in ('lowest', 'highest', 'random', 'by hand')",
            name=op.f("ck_moderations_chosen_because"),
        ),
        sa.CheckConstraint("outcome in ('agreed', 'changed')", name=op.f("ck_moderations_outcome")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_moderations_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["people.id"], name=op.f("fk_moderations_moderator_id_people")
        ),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_moderations")),
    )
    op.create_table(
        "remedies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_how", sa.String(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_remedies_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_remedies_owner_id_people")),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["people.id"], name=op.f("fk_remedies_raised_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedies")),
        sa.UniqueConstraint("reference", name=op.f("uq_remedies_reference")),
    )
    op.create_index("ix_remedies_audit_id", "remedies", ["audit_id"], unique=False)
    op.create_index("ix_remedies_due_on", "remedies", ["due_on"], unique=False)
    op.create_index("ix_remedies_owner_id", "remedies", ["owner_id"], unique=False)

    op.create_table(
        "looked_in",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_looked_in_answer_id_answers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["evidence_places.id"], name=op.f("fk_looked_in_place_id_evidence_places")
        ),
        sa.PrimaryKeyConstraint("answer_id", "place_id", name=op.f("pk_looked_in")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("saved_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_foreign_key(
            batch_op.f("fk_answers_saved_by_id_people"), "people", ["saved_by_id"], ["id"]
        )

    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hide_up_to", sa.Integer(), nullable=False, server_default="4"))
        batch_op.add_column(sa.Column("moderated_share", sa.Integer(), nullable=False, server_default="10"))
        batch_op.create_check_constraint(op.f("ck_cycles_hide_up_to"), "hide_up_to between 0 and 20")
        batch_op.create_check_constraint(
            op.f("ck_cycles_moderated_share"), "moderated_share between 0 and 100"
        )

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("standard_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("expected_level", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_core", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(
            op.f("ck_questions_expected_level"), "expected_level between 1 and 100"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_questions_standard_id_standards"), "standards", ["standard_id"], ["id"]
        )

    with op.batch_alter_table("tools", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_draft", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("published_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("tools", schema=None) as batch_op:
        batch_op.drop_column("published_on")
        batch_op.drop_column("is_draft")

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_questions_standard_id_standards"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_questions_expected_level"), type_="check")
        batch_op.drop_column("is_core")
        batch_op.drop_column("expected_level")
        batch_op.drop_column("standard_id")

    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_cycles_moderated_share"), type_="check")
        batch_op.drop_constraint(op.f("ck_cycles_hide_up_to"), type_="check")
        batch_op.drop_column("moderated_share")
        batch_op.drop_column("hide_up_to")

    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_answers_saved_by_id_people"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("saved_at")
        batch_op.drop_column("saved_by_id")

    op.drop_table("looked_in")
    op.drop_table("remedies")
    op.drop_table("moderations")
    op.drop_table("form_notes")
    op.drop_table("drawn_cases")
    op.drop_table("completed_sections")
    op.drop_table("answer_views")
    op.drop_table("alerts")
    op.drop_table("snapshots")
    op.drop_table("draws")
    op.drop_table("earlier_figures")
    op.drop_table("standards")
    op.drop_table("earlier_cycles")
