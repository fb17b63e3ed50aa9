"""The scheduler of the daily run, of delivery and of what else happens by itself."""
