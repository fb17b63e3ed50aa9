"""The blueprint of the pages of quick wins, practice messages and quick checks."""

from flask import Blueprint

quick_wins = Blueprint("quick_wins", __name__)
