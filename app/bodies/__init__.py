"""Bodies that decide: their members, their meetings, what waits for them and what they decided."""
