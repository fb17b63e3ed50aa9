"""limits of signing in, devices and changes of access

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_devices_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("mark", "person_id", name=op.f("uq_devices_mark_person_id")),
    )
    op.create_index("ix_devices_person_id", "devices", ["person_id"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name=op.f("fk_attempts_device_id_devices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_account", "attempts", ["account"])
    op.create_index("ix_attempts_client", "attempts", ["client"])
    op.create_index("ix_attempts_device_id", "attempts", ["device_id"])
    op.create_index("ix_attempts_at", "attempts", ["at"])
    op.create_table(
        "links_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links_asked")),
    )
    op.create_table(
        "role_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_role_requests_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_requests")),
        sa.UniqueConstraint("person_id", "role", name=op.f("uq_role_requests_person_id_role")),
    )
    op.add_column("people", sa.Column("link_number", sa.Integer(), server_default="0", nullable=False))
    op.add_column("api_tokens", sa.Column("ends_on", sa.Date(), nullable=True))
    _end_keys()
    with op.batch_alter_table("api_tokens") as tokens:
        tokens.alter_column("ends_on", existing_type=sa.Date(), nullable=False)


def _end_keys() -> None:
    """Let each key end a year from today, so that its owner is told before."""
    days = "current_date + interval '1 year'"
    if op.get_bind().dialect.name == "sqlite":
        days = "date('now', '+1 year')"
    op.execute(f"update api_tokens set ends_on = {days}")  # noqa: S608  # nosec B608 # one of the two above


def downgrade() -> None:
    op.drop_column("api_tokens", "ends_on")
    op.drop_column("people", "link_number")
    for table in ("role_requests", "links_asked", "attempts", "devices"):
        op.drop_table(table)
