"""The pages of exemplars: each module adds its own to the blueprint."""

from app.exemplars import exemplar_views, nomination_views, writing_views
from app.exemplars.blueprint import exemplars

__all__ = ["exemplar_views", "exemplars", "nomination_views", "writing_views"]
