"""The blueprint of the pages of one’s own calendar."""

from flask import Blueprint

calendar = Blueprint("calendar", __name__)
