"""Pages."""

from flask import Blueprint

audits = Blueprint("audits", __name__)
