"""Recommendations, actions, and quick wins: what becomes of findings."""
