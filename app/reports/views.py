"""The pages of reports: each module adds its own to the blueprint."""

from app.reports import quoting_views, report_views, template_views, writing_views
from app.reports.blueprint import reports

__all__ = ["quoting_views", "report_views", "reports", "template_views", "writing_views"]
