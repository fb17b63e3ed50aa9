"""The one place that reads the clock. Other code is given the day or the moment."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app


class Clock:
    """The clock: the moment in UTC and the day in the council's time zone. Tests fix it to a moment."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.fixed: datetime | None = None

    def now(self) -> datetime:
        """Return this moment, aware, in UTC."""
        return self.fixed or datetime.now(UTC)

    def local(self) -> datetime:
        """Return this moment in the council's time zone."""
        return self.now().astimezone(self.zone)

    def today(self) -> date:
        """Return the current day in the council's time zone."""
        return self.local().date()


def init_app(app: Flask, zone: ZoneInfo) -> None:
    app.extensions["clock"] = Clock(zone)


def clock() -> Clock:
    """Return the clock of the running application."""
    running: Clock = current_app.extensions["clock"]
    return running


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return clock().now()


def today() -> date:
    """Return the current day in the council's time zone."""
    return clock().today()
