"""Whether the person signed in may open an address: asked here by every page, answered by permissions.py."""

from collections.abc import Callable

from flask import Flask, current_app

EXTENSION = "access"


def answer_with(app: Flask, answer: Callable[[str, dict[str, object]], bool]) -> None:
    """Have `may` answered by this function of an endpoint and what its address names."""
    app.extensions[EXTENSION] = answer


def may(endpoint: str, **named: object) -> bool:
    """Return True when the person signed in may open this address: pages show only links that work."""
    allowed: bool = current_app.extensions[EXTENSION](endpoint, named)
    return allowed
