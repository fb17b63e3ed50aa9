"""The access of the person signed in to addresses, which permissions.py decides."""

from collections.abc import Callable

from flask import Flask, current_app

EXTENSION = "access"


def answer_with(app: Flask, answer: Callable[[str, dict[str, object]], bool]) -> None:
    """Set the function that answers `may`, from an endpoint and the arguments of its address."""
    app.extensions[EXTENSION] = answer


def may(endpoint: str, **named: object) -> bool:
    """True when the person signed in may open this address; pages show only links that work."""
    allowed: bool = current_app.extensions[EXTENSION](endpoint, named)
    return allowed
