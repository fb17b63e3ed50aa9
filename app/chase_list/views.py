"""The pages of the chase list: each module adds its own to the blueprint."""

from app.chase_list import list_views, selected_views
from app.chase_list.blueprint import chase_list

__all__ = ["chase_list", "list_views", "selected_views"]
