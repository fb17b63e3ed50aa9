"""Columns that are encrypted in the database, and plain in Python.

They are read with the key that encrypted them, and written with the one in use. A value that somebody put in
their place is read as one that cannot be read, so that the rest of a page is shown; it is never saved. Two
rows with the same text are not the same in the database, so that such a column is never compared or sorted
there.
"""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Dialect, String, TypeDecorator
from sqlalchemy.sql.operators import OperatorType, is_, is_not

from app.case_keys.keys import NotSealed, id_in
from app.case_keys.mark import key_in_use
from app.case_keys.ring import ring
from app.database import db
from app.refusal import Refused

Value = TypeVar("Value")

CANNOT_BE_READ = "cannot be read"
"""Stands in the place of a text that no key opens."""


class NotReadable(Refused):
    """A refusal because a value would be saved or passed on that could not be read."""

    def __init__(self) -> None:
        super().__init__("The case number cannot be read, so ask the person who runs the service")


def refuse_unreadable(text: str | None) -> None:
    """Raise NotReadable for what stands in the place of a text that could not be read."""
    if text == CANNOT_BE_READ:
        raise NotReadable


class Sealed(TypeDecorator[Value]):
    """A column that is encrypted by the key of case numbers."""

    impl = String
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[Any]):
        """The comparisons of an encrypted column: whether there is anything."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
            """Refuse what would compare the encrypted texts, which are never the same."""
            # SQLAlchemy itself asks whether two columns are one
            with_a_column = bool(other) and all(isinstance(each, ColumnElement) for each in other)
            if op not in (is_, is_not) and not with_a_column:
                raise TypeError("an encrypted column cannot be compared: compare case_folded")
            return super().operate(op, *other, **kwargs)

    comparator_factory = Comparator

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> str | None:
        """Encrypt a value with the key in use. Raises NotReadable."""
        return None if value is None else key_in_use().seal(self.as_text(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Value | None:
        """Decrypt a value with the key that it names. Raises KeyMissing where the key in use is missing."""
        if value is None:
            return None
        if (key := ring().known(id_in(value))) is None:
            key = key_in_use()
        try:
            return self.from_text(key.open(value))
        except NotSealed:
            return self.unreadable()

    def as_text(self, value: Value) -> str:
        """Return a value as the text that is encrypted."""
        raise NotImplementedError

    def from_text(self, text: str) -> Value:
        """Return the value of a text that was encrypted."""
        raise NotImplementedError

    def unreadable(self) -> Value:
        """Return what stands in the place of a value that no key opens."""
        raise NotImplementedError


class SealedText(Sealed[str]):
    """A text that is encrypted, such as a case number."""

    cache_ok = True

    def as_text(self, value: str) -> str:
        refuse_unreadable(value)
        return value

    def from_text(self, text: str) -> str:
        return text

    def unreadable(self) -> str:
        return CANNOT_BE_READ


class SealedJson(Sealed[Any]):
    """Values of a form that are encrypted, because a case number may be among them."""

    cache_ok = True

    def as_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def from_text(self, text: str) -> Any:
        return json.loads(text)

    def unreadable(self) -> Any:
        return []


def sealed_columns() -> Iterator[Column[Any]]:
    """Yield all encrypted columns of the database."""
    for table in db.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Sealed))
