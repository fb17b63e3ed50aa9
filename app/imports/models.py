"""The table of long imports."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class LongImport(Base):
    """An import that a worker carries out, with its progress and, at last, its result in words."""

    __tablename__ = "long_imports"

    token: Mapped[str] = mapped_column(
        ForeignKey("waiting_files.token", ondelete="CASCADE"), primary_key=True
    )
    asked_by: Mapped[str]
    """The address of who asked for it."""
    asked_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    """The times that a worker began: more than one where one ended with its process."""
    rows: Mapped[int] = mapped_column(default=0)
    ended: Mapped[str | None]
    """The result in words; None while it waits or goes on."""
    failed: Mapped[bool] = mapped_column(default=False)
    """True where it changed nothing."""
