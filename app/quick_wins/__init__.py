"""Quick wins: short messages about what staff forget, whether they moved a figure, and quick checks of it."""
