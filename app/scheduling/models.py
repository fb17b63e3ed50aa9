"""The heartbeat of the scheduler."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class Heartbeat(Base):
    """When a part of the service that works by itself was last alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
