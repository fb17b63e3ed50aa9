"""The tallies of audits: how many there are of each kind, so that counting reads no audit.

Triggers of the database keep them, with `has_lead` and `has_second` of each audit, in the transaction of
every change, whoever makes it (migration 0037). SQLite has one row for each kind. On PostgreSQL a change adds
rows, of which some take away: nobody waits for somebody else's count, and `gather` makes them few again.
"""

from datetime import date

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, db, transaction


class Tally(Base):
    """A number of audits that are alike in all that a standing follows from, by the names of their columns.

    An audit that was returned or withdrawn has no due day here, and no start: neither tells it from others.
    """

    __tablename__ = "audit_tallies"
    __table_args__ = (
        Index(
            "ix_audit_tallies_alike",
            "cycle_id",
            "team_id",
            "due_on",
            "started_on",
            "returned_on",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # no foreign keys: a change of an audit would wait for whoever holds its cycle
    cycle_id: Mapped[int]
    team_id: Mapped[int]
    agency_id: Mapped[int | None]
    is_together: Mapped[bool]
    due_on: Mapped[date | None]
    started_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    returned_in_product: Mapped[bool]
    confirmed_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    exempted_on: Mapped[date | None]
    has_lead: Mapped[bool]
    has_second: Mapped[bool]
    number: Mapped[int]


ALIKE = tuple(column.name for column in Tally.__table__.columns if column.name not in ("id", "number"))
"""The columns in which the audits of a tally are alike."""


def gather() -> None:
    """Make one row of all tallies of a kind, and none of a kind that no audit has any more."""
    alike = ", ".join(ALIKE)
    with transaction():
        if db.session.get_bind().dialect.name == "sqlite":
            db.session.execute(text("delete from audit_tallies where number = 0"))
            return
        # one statement: what others add meanwhile is left for the next time
        db.session.execute(
            text(
                f"with gone as (delete from audit_tallies returning *) "  # noqa: S608  # nosec B608 # names of columns
                f"insert into audit_tallies ({alike}, number) "
                f"select {alike}, sum(number) from gone group by {alike} having sum(number) <> 0"
            )
        )
