"""The pages of quick wins, practice messages and quick checks: each module adds its own to the blueprint."""

from app.tracker import quick_check_views as check_views
from app.tracker import quick_win_move_views as move_views
from app.tracker import quick_win_views
from app.tracker.quick_wins_blueprint import quick_wins

__all__ = ["check_views", "move_views", "quick_win_views", "quick_wins"]
