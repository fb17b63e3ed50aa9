"""The mark of the key in use, which the database has: it says by which key numbers are written and compared.

All keyed hashes of a database are made by one key, or equal numbers would not be found. So the mark is read
in the transaction that needs the key, and whoever writes keeps it from changing until the transaction ends.
"""

from sqlalchemy import CheckConstraint, func, select
from sqlalchemy.orm import Mapped, SessionTransaction, mapped_column

from app.case_keys.keys import CaseKey
from app.case_keys.ring import KeyMissing, ring
from app.case_numbers import folded
from app.database import Base, db

ADVISORY_LOCK = 7_316_202
"""The number of the lock on PostgreSQL that writers share and a change of the mark has alone."""

_IN_USE = "case_key"


class KeyMark(Base):
    """The only row that says which key is in use."""

    __tablename__ = "case_number_key"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]


def key_in_use() -> CaseKey:
    """Return the key by which this transaction writes and compares numbers. Raises KeyMissing."""
    session = db.session()
    transaction = session.get_transaction()
    read_in: SessionTransaction | None
    key: CaseKey | None
    read_in, key = session.info.get(_IN_USE, (None, None))
    if key is None or transaction is None or read_in is not transaction:
        key = _read_again()
        session.info[_IN_USE] = session.get_transaction(), key
    return key


def forget_key_in_use() -> None:
    """Read the mark again, because this transaction has changed it."""
    db.session().info.pop(_IN_USE, None)


def stored_mark() -> str | None:
    """Return the fingerprint of the key in use; None where the database has no mark."""
    return db.session().connection().scalar(select(KeyMark.fingerprint))


def as_compared(case_reference: str | None) -> str | None:
    """Return the number as the database compares it. None where there is none: no two such are one case."""
    number = folded(case_reference or "")
    return key_in_use().compared(number) if number else None


def _read_again() -> CaseKey:
    session = db.session()
    connection = session.connection()
    if session.info.get("writing") and connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(ADVISORY_LOCK)))
    if (fingerprint := stored_mark()) is None:
        raise KeyMissing(ring().sentence)
    return ring().named(fingerprint)
