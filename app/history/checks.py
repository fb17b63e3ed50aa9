"""The checks of the history that were made: the last of each day, keyed like the history itself."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from app.database import db, insert_or_leave
from app.history.chain import keyed
from app.history.models import HistoryCheck
from app.history.record import history_key

SHORT = 16
"""Characters of a hash in the short form of a head, which people can type."""

NOT_KNOWN = "The record of the checks was changed"


@dataclass(frozen=True)
class LastCheck:
    """The last check that was made: the day, the head, and where the history did not hold."""

    on: date
    rows: int
    hash: str
    broken_row: int | None
    why: str | None

    @property
    def head(self) -> str:
        """Return the short form of the head: the number of rows, and the beginning of the last hash."""
        return in_short(self.rows, self.hash)


def in_short(rows: int, last_hash: str) -> str:
    """Return the short form of a head, such as "1,234 rows, 3f9c 21ab 77de 0042"."""
    beginning = last_hash[:SHORT]
    parts = [beginning[first : first + 4] for first in range(0, SHORT, 4)]
    return f"{rows:,} {'row' if rows == 1 else 'rows'}, {' '.join(parts)}"


def last_check() -> LastCheck | None:
    """Return the last check that was made, None before the first."""
    row = db.session.execute(_CHECKS.order_by(HistoryCheck.on.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    if row.seal != _seal(history_key(), row):
        return LastCheck(row.on, row.rows, row.hash, 0, NOT_KNOWN)
    return LastCheck(row.on, row.rows, row.hash, row.broken_row, row.why)


def keep_check(check: LastCheck, at: datetime) -> None:
    """Keep a check in the place of an earlier one of its day, in the caller's transaction."""
    values = {"on": check.on, "at": at, "rows": check.rows, "hash": check.hash}
    values |= {"broken_row": check.broken_row, "why": check.why}
    seal = _seal(history_key(), check)
    db.session.execute(insert_or_leave(HistoryCheck).values(**values, seal=seal))
    db.session.execute(update(HistoryCheck).where(HistoryCheck.on == check.on).values(**values, seal=seal))


def heads_of_checks(connection: Connection, key: str) -> list[tuple[int, str]]:
    """Return the heads of all checks that found the history whole: numbers of rows and hashes."""
    return [
        (row.rows, row.hash)
        for row in connection.execute(_CHECKS.where(HistoryCheck.why.is_(None)))
        if row.seal == _seal(key, row)
    ]


_CHECKS = select(
    HistoryCheck.on,
    HistoryCheck.rows,
    HistoryCheck.hash,
    HistoryCheck.broken_row,
    HistoryCheck.why,
    HistoryCheck.seal,
)


def _seal(key: str, check: Row[*tuple[Any, ...]] | LastCheck) -> str:
    return keyed(key, "check", str(check.on), check.rows, check.hash, check.broken_row, check.why)
