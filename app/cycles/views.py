"""Pages."""

from flask import Blueprint

cycles = Blueprint("cycles", __name__)
