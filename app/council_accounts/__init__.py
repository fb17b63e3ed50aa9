"""Signing in with the council's own accounts, by OpenID Connect."""
