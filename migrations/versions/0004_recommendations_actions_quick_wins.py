"""recommendations, actions and quick wins

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bodies")),
        sa.UniqueConstraint("name", name=op.f("uq_bodies_name")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_id"], ["bodies.id"], name=op.f("fk_meetings_body_id_bodies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("body_id", "on", name=op.f("uq_meetings_body_id_on")),
    )
    op.create_table(
        "body_members",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_id"], ["bodies.id"], name=op.f("fk_body_members_body_id_bodies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_body_members_person_id_people")),
        sa.PrimaryKeyConstraint("body_id", "person_id", name=op.f("pk_body_members")),
    )
    op.create_table(
        "calendar_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_calendar_addresses_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_addresses")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_addresses_digest")),
    )
    op.create_index("ix_calendar_addresses_person_id", "calendar_addresses", ["person_id"], unique=False)

    op.create_table(
        "findings_left",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_findings_left_by_id_people")),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_findings_left_cycle_id_cycles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cycle_id", "question", name=op.f("pk_findings_left")),
    )
    op.create_table(
        "recommendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=True),
        sa.Column("raised_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_words", sa.String(), nullable=True),
        sa.Column("carried_out_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decision in ('accepted', 'amended', 'deferred', 'rejected')",
            name=op.f("ck_recommendations_decision"),
        ),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_recommendations_body_id_bodies")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_recommendations_cycle_id_cycles")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_recommendations_owner_id_people")),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["people.id"], name=op.f("fk_recommendations_raised_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint("reference", name=op.f("uq_recommendations_reference")),
    )
    op.create_index("ix_recommendations_body_id", "recommendations", ["body_id"], unique=False)
    op.create_index("ix_recommendations_cycle_id", "recommendations", ["cycle_id"], unique=False)
    op.create_index(
        "ix_recommendations_not_carried_out",
        "recommendations",
        ["due_on", "reference"],
        unique=False,
        sqlite_where=sa.text("carried_out_on IS NULL"),
        postgresql_where=sa.text("carried_out_on IS NULL"),
    )
    op.create_index("ix_recommendations_owner_id", "recommendations", ["owner_id"], unique=False)

    op.create_table(
        "actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("changes_for_children", sa.String(), nullable=True),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("is_quick_win", sa.Boolean(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=True),
        sa.Column("raised_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("signed_off_on", sa.Date(), nullable=True),
        sa.Column("signed_off_by_id", sa.Integer(), nullable=True),
        sa.Column("impact_due_on", sa.Date(), nullable=True),
        sa.Column("impact_checked_on", sa.Date(), nullable=True),
        sa.Column("impact", sa.String(), nullable=True),
        sa.Column("impact_words", sa.String(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("impact in ('effective', 'not effective')", name=op.f("ck_actions_impact")),
        sa.CheckConstraint("signed_off_by_id <> owner_id", name=op.f("ck_actions_signed_off_by_another")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_actions_cycle_id_cycles")),
        sa.ForeignKeyConstraint(["follows_id"], ["actions.id"], name=op.f("fk_actions_follows_id_actions")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_actions_owner_id_people")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["people.id"], name=op.f("fk_actions_raised_by_id_people")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_actions_recommendation_id_recommendations"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_off_by_id"], ["people.id"], name=op.f("fk_actions_signed_off_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("reference", name=op.f("uq_actions_reference")),
    )
    op.create_index("ix_actions_cycle_id", "actions", ["cycle_id"], unique=False)
    covering = {"done_on": ["signed_off_on", "impact_checked_on", "withdrawn_on"], "withdrawn_on": []}
    for day, more in covering.items():
        is_there = sa.text(f"{day} IS NOT NULL")
        op.create_index(
            f"ix_actions_{day}", "actions", [day, *more], sqlite_where=is_there, postgresql_where=is_there
        )
    op.create_index(
        "ix_actions_not_done",
        "actions",
        ["due_on", "reference", "owner_id", "is_draft", "agreed_on", "started_on"],
        unique=False,
        sqlite_where=sa.text("done_on IS NULL AND withdrawn_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL AND withdrawn_on IS NULL"),
    )
    op.create_index("ix_actions_owner_id", "actions", ["owner_id"], unique=False)
    op.create_index("ix_actions_recommendation_id", "actions", ["recommendation_id"], unique=False)

    op.create_table(
        "answered_findings",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_answered_findings_recommendation_id_recommendations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "question", name=op.f("pk_answered_findings")),
    )
    op.create_table(
        "exemplars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retired_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_exemplars_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_exemplars_audit_id_audits"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["people.id"], name=op.f("fk_exemplars_written_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemplars")),
        sa.UniqueConstraint("reference", name=op.f("uq_exemplars_reference")),
    )
    op.create_index("ix_exemplars_audit_id", "exemplars", ["audit_id"], unique=False)

    op.create_table(
        "moved_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.Column("from_due_on", sa.Date(), nullable=True),
        sa.Column("to_due_on", sa.Date(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("is_made", sa.Boolean(), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=True),
        sa.Column("refused_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(action_id is null and recommendation_id is not null)"
            " or (action_id is not null and recommendation_id is null)",
            name=op.f("ck_moved_dates_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["actions.id"], name=op.f("fk_moved_dates_action_id_actions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name=op.f("fk_moved_dates_asked_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_moved_dates_recommendation_id_recommendations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_dates")),
    )
    op.create_index("ix_moved_dates_action_id", "moved_dates", ["action_id"], unique=False)
    op.create_index("ix_moved_dates_made_on", "moved_dates", ["made_on"], unique=False)
    op.create_index("ix_moved_dates_recommendation_id", "moved_dates", ["recommendation_id"], unique=False)

    op.create_table(
        "progress_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["actions.id"],
            name=op.f("fk_progress_notes_action_id_actions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_progress_notes_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_notes")),
    )
    op.create_index("ix_progress_notes_action_id", "progress_notes", ["action_id"], unique=False)

    op.create_table(
        "quick_wins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("where", sa.String(), nullable=True),
        sa.Column("example", sa.String(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("every_working_days", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("stopped_because", sa.String(), nullable=True),
        sa.Column("moved", sa.String(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "every_working_days between 1 and 260", name=op.f("ck_quick_wins_every_working_days")
        ),
        sa.CheckConstraint("times between 1 and 52", name=op.f("ck_quick_wins_times")),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_quick_wins_action_id_actions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quick_wins")),
        sa.UniqueConstraint("reference", name=op.f("uq_quick_wins_reference")),
    )
    op.create_index("ix_quick_wins_action_id", "quick_wins", ["action_id"], unique=False)

    op.create_table(
        "audience_roles",
        sa.Column("quick_win_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quick_win_id"],
            ["quick_wins.id"],
            name=op.f("fk_audience_roles_quick_win_id_quick_wins"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("quick_win_id", "role", name=op.f("pk_audience_roles")),
    )
    op.create_table(
        "audience_teams",
        sa.Column("quick_win_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quick_win_id"],
            ["quick_wins.id"],
            name=op.f("fk_audience_teams_quick_win_id_quick_wins"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_audience_teams_team_id_teams")),
        sa.PrimaryKeyConstraint("quick_win_id", "team_id", name=op.f("pk_audience_teams")),
    )
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checks", sa.String(), nullable=True))

    # an obligation without an owner may have no due day
    with op.batch_alter_table("message_items", schema=None) as batch_op:
        batch_op.alter_column("due_on", existing_type=sa.Date(), nullable=True)


def downgrade() -> None:
    op.execute("delete from message_items where due_on is null")
    with op.batch_alter_table("message_items", schema=None) as batch_op:
        batch_op.alter_column("due_on", existing_type=sa.Date(), nullable=False)

    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.drop_column("checks")

    op.drop_table("audience_teams")
    op.drop_table("audience_roles")
    op.drop_table("quick_wins")
    op.drop_table("progress_notes")
    op.drop_table("moved_dates")
    op.drop_table("exemplars")
    op.drop_table("answered_findings")
    op.drop_table("actions")
    op.drop_table("recommendations")
    op.drop_table("findings_left")
    op.drop_table("calendar_addresses")
    op.drop_table("body_members")
    op.drop_table("meetings")
    op.drop_table("bodies")
