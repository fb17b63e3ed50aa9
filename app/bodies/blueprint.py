"""The blueprint of the pages of bodies and their meetings."""

from flask import Blueprint

bodies = Blueprint("bodies", __name__)
