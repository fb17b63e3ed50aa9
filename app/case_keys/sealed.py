"""Columns that are encrypted in the database, and plain in Python.

They are read with the key that encrypted them, and written with the one in use. Two rows with the same text
are not the same in the database, so that such a column is never compared or sorted there.
"""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Dialect, String, TypeDecorator
from sqlalchemy.sql.operators import OperatorType, is_, is_not

from app.case_keys.keys import id_in
from app.case_keys.mark import key_in_use
from app.case_keys.ring import ring
from app.database import db

Value = TypeVar("Value")


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
        """Encrypt a value with the key in use."""
        return None if value is None else key_in_use().seal(self.as_text(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Value | None:
        """Decrypt a value with the key that it names. Raises KeyMissing."""
        return None if value is None else self.from_text(ring().named(id_in(value)).open(value))

    def as_text(self, value: Value) -> str:
        """Return a value as the text that is encrypted."""
        raise NotImplementedError

    def from_text(self, text: str) -> Value:
        """Return the value of a text that was encrypted."""
        raise NotImplementedError


class SealedText(Sealed[str]):
    """A text that is encrypted, such as a case number."""

    cache_ok = True

    def as_text(self, value: str) -> str:
        return value

    def from_text(self, text: str) -> str:
        return text


class SealedJson(Sealed[Any]):
    """Values of a form that are encrypted, because a case number may be among them."""

    cache_ok = True

    def as_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def from_text(self, text: str) -> Any:
        return json.loads(text)


def sealed_columns() -> Iterator[Column[Any]]:
    """Yield all encrypted columns of the database."""
    for table in db.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Sealed))
