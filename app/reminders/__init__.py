"""Reminders: who is reminded of what, when; the daily run."""
