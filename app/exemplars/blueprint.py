"""The blueprint of the pages of exemplars."""

from flask import Blueprint

exemplars = Blueprint("exemplars", __name__)
