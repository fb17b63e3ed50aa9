"""The table of long work."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class LongWork(Base):
    """Work that a worker does for a person, with its progress and, at last, its result in words."""

    __tablename__ = "long_work"

    token: Mapped[str] = mapped_column(
        ForeignKey("waiting_files.token", ondelete="CASCADE"), primary_key=True
    )
    """The token of its file: the one that is imported, or the one that is made."""
    kind: Mapped[str]
    asked_by: Mapped[str]
    """The email address of who asked for it."""
    asked_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    """The times that a worker began: more than one where one ended with its process."""
    rows: Mapped[int] = mapped_column(default=0)
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The address at which the file to be made is downloaded while it is small, encrypted: people type what
    they look for, and it is in the address."""
    seen_as: Mapped[str | None]
    """The roles with which its person saw what is in the file that was made."""
    ended: Mapped[str | None]
    """The result in words; None while it waits or goes on."""
    failed: Mapped[bool] = mapped_column(default=False)
    """True where it changed nothing."""
