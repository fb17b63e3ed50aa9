"""Times of requests by endpoint, in this process.

Every web process has its own, and says so by its label: what answers `/metrics` is one of several.
"""

import os
import socket
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.metrics_core import Metric

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 4)
"""The limits by which times are counted."""


class RequestTimes:
    """The times of this process's requests."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._times = Histogram(
            "practice_audits_request_seconds",
            "Time of requests to one web process, by endpoint and the first digit of the status",
            ["process", "endpoint", "status"],
            buckets=SECONDS,
            registry=self._registry,
        )

    def note(self, endpoint: str, status: int, seconds: float) -> None:
        """Count a request."""
        process = f"{socket.gethostname()}-{os.getpid()}"  # a process that was forked has a number of its own
        self._times.labels(process, endpoint, f"{status // 100}xx").observe(seconds)

    def collect(self) -> Iterator[Metric]:
        """Yield the times for Prometheus."""
        yield from self._registry.collect()
