"""Pages."""

from flask import Blueprint

outbox = Blueprint("outbox", __name__)
