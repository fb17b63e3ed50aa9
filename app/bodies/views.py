"""The pages of bodies and their meetings: each module adds its own to the blueprint."""

from app.bodies import body_views
from app.bodies.blueprint import bodies

__all__ = ["bodies", "body_views"]
