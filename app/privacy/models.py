"""The table of the council's own texts about privacy."""

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class PrivacyText(Base):
    """A text that the council wrote in place of the one that the service comes with."""

    __tablename__ = "privacy_texts"

    name: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
