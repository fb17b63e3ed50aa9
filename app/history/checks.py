"""The checks of the history that were made: the last of each day, keyed like the history itself."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from app import clock
from app.case_keys.checking import CASE_NUMBERS
from app.database import db, insert_or_leave, transaction
from app.history.chain import keyed
from app.history.models import HistoryCheck
from app.history.record import Event, head, history_key, hold_history, record
from app.refusal import NotNow
from app.wording import in_words

SHORT = 16
"""Characters of a hash in the short form of a head, which people can type."""

ACKNOWLEDGED = "break acknowledged"
"""Happened to the history when an administrator said that they know of a break, and why it came about."""

FROZEN = "Frozen: "
"""Begins each sentence about what was frozen."""

NOT_KNOWN = "The record of the checks was changed"


@dataclass(frozen=True)
class LastCheck:
    """The last check that was made: the day, the head, and where the history did not hold."""

    on: date
    rows: int
    hash: str
    broken_row: int | None
    why: str | None
    acknowledged: int | None = None
    """The row of the history that says who acknowledged a break, and why."""

    @property
    def stands(self) -> bool:
        """True for a break that no administrator has acknowledged."""
        return self.why is not None and self.acknowledged is None

    @property
    def where(self) -> str:
        """Return the words for where it did not hold, such as " at row 4"; empty where that is no row."""
        return f" at row {self.broken_row}" if self.broken_row else ""

    @property
    def is_of_numbers(self) -> bool:
        """True for a break of encrypted case numbers, and not of the history itself."""
        return is_of_numbers(self.why)

    @property
    def is_of_frozen(self) -> bool:
        """True for a break of what was frozen, or of what it counts, and not of the history itself."""
        return bool(self.why and self.why.startswith(FROZEN))

    @property
    def head(self) -> str:
        """Return the short form of the head: the number of rows, and the beginning of the last hash."""
        return in_short(self.rows, self.hash)


def is_of_numbers(why: str | None) -> bool:
    """Return True where the sentence about a break is about case numbers."""
    return bool(why and why.startswith(CASE_NUMBERS))


def in_short(rows: int, last_hash: str) -> str:
    """Return the short form of a head, such as "1,234 rows, 3f9c 21ab 77de 0042"."""
    beginning = last_hash[:SHORT]
    parts = [beginning[first : first + 4] for first in range(0, SHORT, 4)]
    return f"{rows:,} {'row' if rows == 1 else 'rows'}, {' '.join(parts)}"


def last_check() -> LastCheck | None:
    """Return the last check that was made, None before the first."""
    row = db.session.execute(_CHECKS.order_by(HistoryCheck.on.desc()).limit(1)).one_or_none()
    return None if row is None else _read(row, history_key())


def standing_breaks() -> list[LastCheck]:
    """Return the breaks that stand, latest first: also one that a later check no longer found stands until an
    administrator acknowledges it."""
    key = history_key()
    checks = (_read(row, key) for row in db.session.execute(_CHECKS.order_by(HistoryCheck.on.desc())))
    return [check for check in checks if check.stands]


def keep_check(check: LastCheck, at: datetime) -> None:
    """Keep a check in the place of an earlier one of its day, in the caller's transaction.

    A break that stands is never replaced by a check that found nothing.
    """
    earlier = db.session.execute(_CHECKS.where(HistoryCheck.on == check.on)).one_or_none()
    if check.why is None and earlier is not None and _read(earlier, history_key()).stands:
        return
    _write(check, at)


def acknowledge_breaks(because: str, *, by: str) -> None:
    """Acknowledge all breaks that stand, with a reason: the history says who did it, and of which.

    Raises Refused where none stands.
    """
    with transaction():
        hold_history()
        breaks = standing_breaks()
        if not breaks:
            raise NotNow("Nothing is left to acknowledge")
        found = "; ".join(f"{in_words(each.on)}: {each.why}" for each in breaks)
        record(by, [Event("history", "history", ACKNOWLEDGED, before=found, why=because)])
        for each in breaks:
            _write(replace(each, acknowledged=head()), clock.now())


def _write(check: LastCheck, at: datetime) -> None:
    values = {"on": check.on, "at": at, "rows": check.rows, "hash": check.hash}
    values |= {"broken_row": check.broken_row, "why": check.why, "acknowledged": check.acknowledged}
    seal = _seal(history_key(), check)
    db.session.execute(insert_or_leave(HistoryCheck).values(**values, seal=seal))
    db.session.execute(update(HistoryCheck).where(HistoryCheck.on == check.on).values(**values, seal=seal))


def _read(row: Row[*tuple[Any, ...]], key: str) -> LastCheck:
    if row.seal != _seal(key, row):
        return LastCheck(row.on, row.rows, row.hash, 0, NOT_KNOWN)
    return LastCheck(row.on, row.rows, row.hash, row.broken_row, row.why, row.acknowledged)


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
    HistoryCheck.acknowledged,
    HistoryCheck.seal,
)


def _seal(key: str, check: Row[*tuple[Any, ...]] | LastCheck) -> str:
    found = (str(check.on), check.rows, check.hash, check.broken_row, check.why)
    # checks from before breaks could be acknowledged have the same seal as ever
    return keyed(key, "check", *found, *(() if check.acknowledged is None else (check.acknowledged,)))
