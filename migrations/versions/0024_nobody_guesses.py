"""promises, news, held steps, exemptions taken back, entries struck through, progress of recommendations

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chases", sa.Column("struck_on", sa.Date(), nullable=True))
    op.add_column("chases", sa.Column("struck_because", sa.String(), nullable=True))
    op.create_table(
        "audit_promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("chase_id", sa.Integer(), nullable=True),
        sa.Column("auditor_id", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(chase_id is null) <> (auditor_id is null)", name=op.f("ck_audit_promises_chase_or_auditor")
        ),
        sa.CheckConstraint("promised_on >= given_on", name=op.f("ck_audit_promises_promised_after_given")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_audit_promises_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["chase_id"], ["chases.id"], name=op.f("fk_audit_promises_chase_id_chases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["auditor_id"], ["people.id"], name=op.f("fk_audit_promises_auditor_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_promises")),
        sa.UniqueConstraint("chase_id", name=op.f("uq_audit_promises_chase_id")),
    )
    op.create_index(op.f("ix_audit_promises_audit_id"), "audit_promises", ["audit_id"])
    _promises_of_chases()
    op.create_table(
        "lifted_exemptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("exempted_on", sa.Date(), nullable=False),
        sa.Column("exempted_because", sa.String(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=False),
        sa.Column("lifted_because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_lifted_exemptions_audit_id_audits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifted_exemptions")),
    )
    op.create_index(op.f("ix_lifted_exemptions_audit_id"), "lifted_exemptions", ["audit_id"])
    op.create_index(op.f("ix_lifted_exemptions_lifted_on"), "lifted_exemptions", ["lifted_on"])
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about_kind", sa.String(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_news_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    op.create_index("ix_news_person_id", "news", ["person_id", "made_on"])
    op.add_column(
        "people", sa.Column("news_by_email", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.create_table(
        "held_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_kind", sa.String(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("let_go_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_held_items_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_items")),
    )
    op.create_index("ix_held_items_obligation", "held_items", ["obligation_kind", "obligation_id"])
    op.create_table(
        "duty_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("telephone", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_duty_team_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_team")),
    )
    op.add_column("recommendations", sa.Column("proposed_on", sa.Date(), nullable=True))
    op.add_column("recommendations", sa.Column("proposed_words", sa.String(), nullable=True))
    with op.batch_alter_table("progress_notes") as batch_op:
        batch_op.alter_column("action_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("recommendation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("struck_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("struck_because", sa.String(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_progress_notes_recommendation_id_recommendations"),
            "recommendations",
            ["recommendation_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_progress_notes_one_thing"), "(action_id is null) <> (recommendation_id is null)"
        )
        batch_op.create_index(batch_op.f("ix_progress_notes_recommendation_id"), ["recommendation_id"])


def _promises_of_chases() -> None:
    """Make the new expected dates of the chase log promises. The first later change of the due date or of
    the auditors, and the first later sending back, ended them."""
    connection = op.get_bind()
    chases = sa.table(
        "chases",
        *map(sa.column, ("id", "audit_id")),
        sa.column("day", sa.Date),
        sa.column("new_expected_on", sa.Date),
    )
    changes = [
        sa.table(name, sa.column("audit_id"), *(sa.column(day, sa.Date) for day in days))
        for name, days in (
            ("extensions", ("made_on",)),
            ("assignments", ("assigned_on", "ended_on")),
            ("returns", ("sent_back_on",)),
        )
    ]
    promises = sa.table(
        "audit_promises",
        *map(sa.column, ("audit_id", "chase_id")),
        *(sa.column(day, sa.Date) for day in ("given_on", "promised_on", "ended_on")),
    )
    rows = []
    query = sa.select(chases).where(chases.c.new_expected_on.is_not(None)).order_by(chases.c.id)
    for chase in connection.execute(query).all():
        later = [
            connection.scalar(
                sa.select(sa.func.min(column)).where(table.c.audit_id == chase.audit_id, column > chase.day)
            )
            for table in changes
            for column in table.c
            if column.name != "audit_id"
        ]
        rows.append(
            {
                "audit_id": chase.audit_id,
                "chase_id": chase.id,
                "given_on": chase.day,
                "promised_on": chase.new_expected_on,
                "ended_on": min((day for day in later if day is not None), default=None),
            }
        )
    if rows:
        connection.execute(sa.insert(promises), rows)


def downgrade() -> None:
    """Remove it, and the progress of recommendations. Entries that were struck through stand again, and
    exemptions that were taken back stay so."""
    notes = sa.table("progress_notes", sa.column("action_id"))
    op.execute(sa.delete(notes).where(notes.c.action_id.is_(None)))
    with op.batch_alter_table("progress_notes") as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_notes_recommendation_id"))
        batch_op.drop_constraint(batch_op.f("ck_progress_notes_one_thing"), type_="check")
        batch_op.drop_constraint(
            batch_op.f("fk_progress_notes_recommendation_id_recommendations"), type_="foreignkey"
        )
        for column in ("recommendation_id", "struck_on", "struck_because"):
            batch_op.drop_column(column)
        batch_op.alter_column("action_id", existing_type=sa.Integer(), nullable=False)
    op.drop_column("recommendations", "proposed_words")
    op.drop_column("recommendations", "proposed_on")
    op.drop_table("duty_team")
    op.drop_table("held_items")
    op.drop_column("people", "news_by_email")
    op.drop_table("news")
    op.drop_table("lifted_exemptions")
    op.drop_table("audit_promises")
    op.drop_column("chases", "struck_because")
    op.drop_column("chases", "struck_on")
