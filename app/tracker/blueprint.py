"""The blueprint of the pages of recommendations and actions."""

from flask import Blueprint

actions = Blueprint("actions", __name__)
