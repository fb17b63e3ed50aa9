"""The pages about the worker of a case: each module adds its own to the blueprint."""

from app.workers import deciding_views, talk_views, worker_views
from app.workers.blueprint import workers

__all__ = ["deciding_views", "talk_views", "worker_views", "workers"]
