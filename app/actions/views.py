"""All pages of recommendations and actions: each module adds its own to the blueprint."""

from app.actions import (
    action_views,
    move_views,
    raising_views,
    recommendation_list_views,
    recommendation_views,
    tracker_views,
)
from app.actions.blueprint import actions

__all__ = [
    "action_views",
    "actions",
    "move_views",
    "raising_views",
    "recommendation_list_views",
    "recommendation_views",
    "tracker_views",
]
