"""Recommendations and actions: the follow-up of findings."""
