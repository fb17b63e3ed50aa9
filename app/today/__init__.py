"""The first page: what I have to do today."""
