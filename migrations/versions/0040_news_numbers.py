"""news never has the number of news that was taken back

On SQLite the number of the last row that was removed went to the next one, which then counted as emailed.

Revision ID: 0040
Revises: 0039
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _made_anew(sqlite_autoincrement=True)


def downgrade() -> None:
    _made_anew()


def _made_anew(**options: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("news", recreate="always", table_kwargs=options):
            pass
