"""Kinds of things that are found by their name or reference, however that is spelt (app/names.py)."""

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, event, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app import names
from app.database import db


class Called:
    """A kind of thing of which no two are called the same. What was written first is shown."""

    called_by: ClassVar[str]
    """The column with the name as it is shown."""
    has_versions: ClassVar[bool] = False
    """True where several versions of a thing are called the same."""

    @declared_attr
    def folded(cls) -> Mapped[str]:  # noqa: N805  SQLAlchemy calls it with the class
        """The name as it is compared."""
        unique = not cls.has_versions
        return mapped_column(default=cls._folded_of_row, index=unique, unique=unique or None)

    @staticmethod
    def fold(written: str) -> str:
        """Return a name as it is compared."""
        return names.folded(written)

    @classmethod
    def _folded_of_row(cls, context: Any) -> str:
        return cls.fold(context.get_current_parameters()[cls.called_by])

    @classmethod
    def called(cls, *spellings: str) -> ColumnElement[bool]:
        """Return the condition that it is called one of these, in any spelling."""
        # no name holds a character that PostgreSQL cannot be asked for
        return cls.folded.in_(sorted({cls.fold(each) for each in spellings if "\0" not in each}))

    @classmethod
    def as_stored(cls, written: str) -> str:
        """Return the spelling that is shown; what was written where nothing is called so."""
        column: Any = getattr(cls, cls.called_by)
        stored: str | None = db.session.scalar(select(column).where(cls.called(written)).limit(1))
        return written if stored is None else stored

    @classmethod
    def taken(cls, written: str, own_id: int | None = None) -> str | None:
        """Return the name of another thing that is called so; None where the name is free.

        `own_id` is the id of the thing that is to have the name, if it is there already.
        """
        model: Any = cls
        query = select(getattr(cls, cls.called_by)).where(cls.called(written))
        if own_id is not None:
            query = query.where(model.id != own_id)
        stored: str | None = db.session.scalar(query.limit(1))
        return stored

    @classmethod
    def asked_for(cls, written: str | None) -> str | None:
        """Return `as_stored` of what a filter asks for; None where it asks for nothing."""
        return cls.as_stored(written) if written else None


@event.listens_for(Called, "before_insert", propagate=True)
@event.listens_for(Called, "before_update", propagate=True)
def _fold(_mapper: object, _connection: object, thing: Any) -> None:
    now = thing.fold(getattr(thing, thing.called_by))
    if thing.folded != now:
        thing.folded = now


class Named(Called):
    """A kind of thing with a name of its own, such as a team."""

    called_by = "name"


class Labelled(Called):
    """A kind of entry in a list of the council, such as a place where evidence is found."""

    called_by = "label"


class Referenced(Called):
    """A kind of thing with a reference of its own, such as an audit."""

    called_by = "reference"

    @staticmethod
    def fold(written: str) -> str:
        """Return a reference as it is compared."""
        return names.folded_reference(written)
