"""The pages of concerns: each module adds its own to the blueprint."""

from app.concerns import alert_views, remedy_views, response_views
from app.concerns.blueprint import concerns

__all__ = ["alert_views", "concerns", "remedy_views", "response_views"]
