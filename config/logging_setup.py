"""Logging: one line an event on standard error, with no case number, name or secret in it."""

import logging

from flask import Flask


def init_app(app: Flask) -> None:
    """Log to standard error; what other programs write is kept at warnings."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("app").setLevel(logging.INFO)
    app.logger.setLevel(logging.INFO)
