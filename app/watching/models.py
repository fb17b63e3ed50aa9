"""The table of heartbeats."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class Heartbeat(Base):
    """The last sign of life of a background part of the service."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
