"""All pages of reports: each module adds its own to the blueprint."""

from app.reports import report_views, template_views, writing_views
from app.reports.blueprint import reports

__all__ = ["report_views", "reports", "template_views", "writing_views"]
