"""The first page: the reader's work of today."""
