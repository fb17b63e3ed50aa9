"""The table of tokens for the API."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class ApiToken(Base):
    """A person's token for the read-only API. Only its hash is stored; it can be revoked."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    """Its purpose, such as "Power BI"."""
    role: Mapped[str]
    """The role whose rights it has: a role of the person."""
    digest: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the token, in hex."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    ends_on: Mapped[date]
    """The last day on which it opens anything."""
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
