"""The pages of one audit: each module adds its own to the blueprint."""

from app.audit_pages import coordinator_views, detail_views, move_views
from app.audit_pages.blueprint import audits

__all__ = ["audits", "coordinator_views", "detail_views", "move_views"]
