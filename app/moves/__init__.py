"""Moves: a change of one thing by one person. The locked row, the small page, its form."""
