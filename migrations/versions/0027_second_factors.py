"""second factors, recovery codes, and what a person is told of their sessions

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("tf_primary_method", sa.String()))
        people.add_column(sa.Column("tf_totp_secret", sa.String()))
        people.add_column(sa.Column("tf_last_counter", sa.Integer()))
        people.add_column(sa.Column("mf_recovery_codes", sa.JSON()))
    with op.batch_alter_table("sign_ins") as sign_ins:
        sign_ins.add_column(sa.Column("browser", sa.String()))
        sign_ins.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True)))
        sign_ins.add_column(sa.Column("second_factor_at", sa.DateTime(timezone=True)))
        sign_ins.add_column(sa.Column("offered_secret", sa.String()))
    op.execute("UPDATE sign_ins SET browser = '', confirmed_at = started_at")
    with op.batch_alter_table("sign_ins") as sign_ins:
        sign_ins.alter_column("browser", nullable=False)
        sign_ins.alter_column("confirmed_at", nullable=False)


def downgrade() -> None:
    # a session that waits for its code would be open without one
    op.execute("DELETE FROM sign_ins")
    with op.batch_alter_table("sign_ins") as sign_ins:
        for column in ("offered_secret", "second_factor_at", "confirmed_at", "browser"):
            sign_ins.drop_column(column)
    with op.batch_alter_table("people") as people:
        for column in ("mf_recovery_codes", "tf_last_counter", "tf_totp_secret", "tf_primary_method"):
            people.drop_column(column)
