"""Sampling: the cases to choose from, the draw, and how cases were chosen."""
