"""Assigning: who may audit which case, proposing pairs, and the moves that say who does it."""
