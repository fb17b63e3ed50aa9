"""The blueprint of the pages of a person's calendar."""

from flask import Blueprint

calendar = Blueprint("calendar", __name__)
