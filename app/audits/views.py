"""All pages of audits: each module adds its own to the blueprint."""

from app.audits import (
    assign_views,
    chase_list_views,
    coordinator_views,
    detail_views,
    move_views,
    selected_views,
)
from app.audits.blueprint import audits

__all__ = [
    "assign_views",
    "audits",
    "chase_list_views",
    "coordinator_views",
    "detail_views",
    "move_views",
    "selected_views",
]
