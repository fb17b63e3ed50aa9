"""Pages of a child at risk now, and of what must be put right on one child's file."""

from flask import Blueprint

concerns = Blueprint("concerns", __name__)
