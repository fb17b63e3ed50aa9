"""Recommendations and actions: what becomes of findings."""
