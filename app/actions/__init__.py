"""Recommendations, actions, quick wins and exemplars: what becomes of findings."""
