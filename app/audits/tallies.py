"""The tallies of audits: how many there are of each kind, so that counting reads no audit; and how many each
auditor has.

Triggers of the database keep them, with `has_lead` and `has_second` of each audit, in the transaction of
every change, whoever makes it (migrations 0037, 0043 and 0044). SQLite has one row for each kind. On
PostgreSQL a change adds rows, of which some take away: nobody waits for somebody else's count, and `gather`
makes them few again.
"""

from datetime import date

from sqlalchemy import Connection, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, db


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


class AuditorTally(Base):
    """A number of audits of one auditor, who has each of them now, that are alike in what is counted of it.

    An audit that was not returned has no first due day here.
    """

    __tablename__ = "auditor_tallies"
    __table_args__ = (Index("ix_auditor_tallies_alike", "cycle_id", "person_id", "returned_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    cycle_id: Mapped[int]
    returned_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    exempted_on: Mapped[date | None]
    number: Mapped[int]


TALLIES: tuple[type[Base], ...] = (Tally, AuditorTally)


def alike(tally: type[Base]) -> tuple[str, ...]:
    """Return the columns in which the audits of a tally are alike."""
    return tuple(column.name for column in tally.__table__.columns if column.name not in ("id", "number"))


def gather(connection: Connection | None = None) -> None:
    """Make one row of all tallies of a kind, and none of a kind that no audit has any more.

    In the transaction of a connection, without one in that of the caller. The daily run does so, and whatever
    writes many audits at once, for the sake of the pages until then.
    """
    connection = connection or db.session.connection()
    for tally in TALLIES:
        connection.execute(text(_gathering(connection, tally.__tablename__, ", ".join(alike(tally)))))


def _gathering(connection: Connection, table: str, kind: str) -> str:
    if connection.dialect.name == "sqlite":
        return f"delete from {table} where number = 0"  # noqa: S608  # nosec B608 # a table's name
    # one statement: what others add meanwhile is left for the next time
    return (
        f"with gone as (delete from {table} returning *) "  # noqa: S608  # nosec B608 # names of columns
        f"insert into {table} ({kind}, number) "
        f"select {kind}, sum(number) from gone group by {kind} having sum(number) <> 0"
    )
