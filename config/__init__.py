"""The settings of an installation, their defaults, and logging."""
