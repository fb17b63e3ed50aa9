"""The time for which the record of reading is kept: a setting, and the removal of what is older."""

from datetime import UTC, date, datetime, time

from sqlalchemy import delete

from app import clock
from app.database import db, transaction
from app.history.record import Event, record
from app.readings.models import Reading, ReadingsKept
from app.readings.writing import write_waiting
from app.working_days import months_later

MONTHS = 24
"""The months for which it is kept, until an administrator sets another number."""

FEWEST, MOST = 6, 84


def months_kept() -> int:
    """Return for how many months the record is kept."""
    kept = db.session.get(ReadingsKept, 1)
    return MONTHS if kept is None else kept.months


def lock_months_kept() -> None:
    """Lock the setting until the transaction ends, and read it again."""
    db.session.get(ReadingsKept, 1, with_for_update=True, populate_existing=True)


def keep_for(months: int, *, by: str) -> None:
    """Keep the record for this many months from now on."""
    with transaction():
        before, kept = months_kept(), db.session.get(ReadingsKept, 1, with_for_update=True)
        if before == months:
            return
        if kept is None:
            db.session.add(ReadingsKept(id=1, months=months))
        else:
            kept.months = months
        after = f"{months} months"
        record(by, [Event("setting", "record of reading", "changed", f"{before} months", after)])


def kept_since(on: date) -> datetime:
    """Return the moment before which entries are removed on a day."""
    return datetime.combine(months_later(on, -months_kept()), time(), UTC)


def remove_old() -> None:
    """Remove the entries that are older than the record is kept, of all that there are."""
    write_waiting()
    with transaction():
        db.session.execute(delete(Reading).where(Reading.at < kept_since(clock.today())))
