"""The pages of a person's calendar: each module adds its own to the blueprint."""

from app.calendar import calendar_views
from app.calendar.blueprint import calendar

__all__ = ["calendar", "calendar_views"]
