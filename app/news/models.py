"""The table of news: one row for each person and each thing that became of their own work."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class News(Base):
    """An answer or an outcome that one person should know of. Moves in the product write it, no file does.

    It stands on their first page and is an item of their next daily email, once.
    """

    __tablename__ = "news"
    __table_args__ = (
        Index("ix_news_person_id", "person_id", "made_on"),
        # the number of news that was taken back is never another's, which would count as emailed
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    what: Mapped[str]
    """The name of what happened: `app.news.happenings`."""
    about_kind: Mapped[str]
    """The kind of thing it is about: audit, action, recommendation, remedy, alert."""
    about_id: Mapped[int]
    reference: Mapped[str]
    """The reference of the thing, as the email tells it."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The names and dates that its sentence has. Never a case number, a grade, an answer or a reason."""
    made_on: Mapped[date]
    read_on: Mapped[date | None]
    """The day on which the person saw it on their first page."""
