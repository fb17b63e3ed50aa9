"""Watching the service: signs of life, what is broken or stands still, who is told, and figures."""
