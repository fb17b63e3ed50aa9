"""All pages of quick wins, practice messages and quick checks: each module adds its own to the blueprint."""

from app.quick_wins import check_views, move_views, quick_win_views
from app.quick_wins.blueprint import quick_wins

__all__ = ["check_views", "move_views", "quick_win_views", "quick_wins"]
