"""News: what became of one's own work and asks for nothing at once."""
