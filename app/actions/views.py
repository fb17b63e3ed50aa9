"""All pages of recommendations, actions and quick wins: each module adds its own to the blueprint."""

from app.actions import (
    action_views,
    body_views,
    calendar_views,
    move_views,
    quick_check_views,
    quick_win_move_views,
    quick_win_views,
    raising_views,
    recommendation_list_views,
    recommendation_views,
    tracker_views,
)
from app.actions.blueprint import actions

__all__ = [
    "action_views",
    "actions",
    "body_views",
    "calendar_views",
    "move_views",
    "quick_check_views",
    "quick_win_move_views",
    "quick_win_views",
    "raising_views",
    "recommendation_list_views",
    "recommendation_views",
    "tracker_views",
]
