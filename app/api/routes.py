"""The addresses of the interface and of its keys, registered by importing their modules."""

from app.api import ending, problems, views
from app.api.blueprint import api
from app.api.token_views import keys

__all__ = ["api", "ending", "keys", "problems", "views"]
