"""The key of an installation and its database: whether one fits the other, looked at when the service starts.

A database that has encrypted numbers is refused without their key. One that has none takes the key that is
there, or the one that is made.
"""

from sqlalchemy import delete, exists, insert, select

from app.case_keys.mark import KeyMark, forget_key_in_use, stored_mark
from app.case_keys.ring import KeyMissing, ring
from app.case_keys.sealed import sealed_columns
from app.database import db, transaction


def why_unfit() -> str | None:
    """Return the sentence that says that this installation lacks the key of its database; None where it has
    it, or where nothing is encrypted."""
    mark = stored_mark()
    if (mark is not None and ring().known(mark) is not None) or not has_sealed():
        return None
    return ring().sentence


def take_key() -> None:
    """Begin with the key of this installation. Raises KeyMissing where the database needs another one."""
    mark = stored_mark()
    if mark is not None and ring().known(mark) is not None:
        return
    with transaction():
        if (why := why_unfit()) is not None:
            raise KeyMissing(why)
        db.session.execute(delete(KeyMark))
        db.session.execute(insert(KeyMark).values(id=1, fingerprint=ring().first().fingerprint))
        forget_key_in_use()


def has_sealed() -> bool:
    """Return True where the database has anything that is encrypted."""
    return any(db.session.scalar(select(exists().where(column.is_not(None)))) for column in sealed_columns())
