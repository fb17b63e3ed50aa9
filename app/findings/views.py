"""The pages of findings: each module adds its own to the blueprint."""

from app.findings import compared_views, earlier_views, page_views
from app.findings.blueprint import findings

__all__ = ["compared_views", "earlier_views", "findings", "page_views"]
