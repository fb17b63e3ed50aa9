"""Concerns about one child: a child who may be at risk now, and what must be put right on a file."""
