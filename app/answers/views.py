"""All pages of answers: each module adds its own to the blueprint."""

from app.answers import lists_views
from app.answers.blueprint import answers

__all__ = ["answers", "lists_views"]
