"""Retention: for how long case numbers, texts and names are kept, their removal, and what is held about a
member of staff."""
