"""Pages."""

from flask import Blueprint

audits = Blueprint("audits", __name__)

from app.audits import chase_list_views  # noqa: E402, F401  its page belongs to this blueprint
