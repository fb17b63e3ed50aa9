"""The one place that reads the clock. Everything else is told what day or moment it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app


class Clock:
    """Time of day in UTC and the day in the council's time zone; tests set it to a moment of their own."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.fixed: datetime | None = None

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return self.fixed or datetime.now(UTC)

    def local(self) -> datetime:
        """This moment in the council's time zone."""
        return self.now().astimezone(self.zone)

    def today(self) -> date:
        """The day it is in the council's time zone."""
        return self.local().date()


def init_app(app: Flask, zone: ZoneInfo) -> None:
    app.extensions["clock"] = Clock(zone)


def clock() -> Clock:
    """The clock of the running application."""
    found: Clock = current_app.extensions["clock"]
    return found


def now() -> datetime:
    """This moment, aware, in UTC."""
    return clock().now()


def today() -> date:
    """The day it is in the council's time zone."""
    return clock().today()
