"""Loosened rules and relations, one at a time, against the tests that hold the walls."""
