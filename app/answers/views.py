"""The pages of answers: each module adds its own to the blueprint."""

from app.answers import (
    download_views,
    form_views,
    moderation_views,
    note_views,
    paper_entry_views,
    preview_views,
    printed_views,
    reading_views,
    second_views,
    section_views,
)
from app.answers.blueprint import answers

__all__ = [
    "answers",
    "download_views",
    "form_views",
    "moderation_views",
    "note_views",
    "paper_entry_views",
    "preview_views",
    "printed_views",
    "reading_views",
    "second_views",
    "section_views",
]
