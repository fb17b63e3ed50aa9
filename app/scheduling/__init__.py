"""The scheduler of the daily run and of delivery, and its heartbeat."""
