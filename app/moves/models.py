"""The tables of forms that were sent: those that did their work, and those that could not be accepted."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.case_keys.sealed import SealedJson
from app.database import Base, Moment


class FormSent(Base):
    """A form that did its work, written in the same transaction, and where its answer led."""

    __tablename__ = "forms_sent"

    key: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256, in hexadecimal, over the form's id, its address and everything that was entered."""
    sent_at: Mapped[datetime] = mapped_column(Moment, index=True)
    led_to: Mapped[str | None]
    """The address that the answer led to; None until it is given."""
    told: Mapped[list[tuple[str, str]]] = mapped_column(JSON, default=list)
    """The messages that the answer showed, each with its category."""


class TypedText(Base):
    """The entries of a form that could not be accepted, mostly because the sign-in had ended.

    Nobody but the person who typed them sees them. They stay until that person sends or deletes them, or
    until they are too old.
    """

    __tablename__ = "typed_texts"

    page: Mapped[str] = mapped_column(primary_key=True)
    """The part of the form's id that says which page it was."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    address: Mapped[str]
    """The address that the form is sent to."""
    entries: Mapped[list[tuple[str, str]]] = mapped_column(SealedJson)
    typed_at: Mapped[datetime] = mapped_column(Moment, index=True)
