"""`/tools`: the audit tools and their versions."""

from flask import Blueprint

tools = Blueprint("tools", __name__)
