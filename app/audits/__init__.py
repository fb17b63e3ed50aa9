"""Audits: from request to return, and everyone who is chased on the way."""
