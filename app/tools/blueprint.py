"""Where the pages of tools stand; it knows none of them."""

from flask import Blueprint

tools = Blueprint("tools", __name__)
