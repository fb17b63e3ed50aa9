"""Answers: the form that a pair fills in, what counts of it, the second look and moderation."""
