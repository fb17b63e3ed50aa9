"""Logging: one line per event on standard error, without case numbers, names or secrets."""

import logging

from flask import Flask


def init_app(app: Flask) -> None:
    """Log to standard error; libraries log warnings only."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("app").setLevel(logging.INFO)
    app.logger.setLevel(logging.INFO)
