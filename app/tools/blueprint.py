"""The blueprint of the pages of tools."""

from flask import Blueprint

tools = Blueprint("tools", __name__)
