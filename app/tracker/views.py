"""The pages of recommendations and actions: each module adds its own to the blueprint."""

from app.tracker import action_list_views as tracker_views
from app.tracker import (
    action_views,
    move_views,
    owner_views,
    raising_views,
    recommendation_list_views,
    recommendation_views,
)
from app.tracker.blueprint import actions

__all__ = [
    "action_views",
    "actions",
    "move_views",
    "owner_views",
    "raising_views",
    "recommendation_list_views",
    "recommendation_views",
    "tracker_views",
]
