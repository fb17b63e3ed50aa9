"""Pages."""

from flask import Blueprint

reminders = Blueprint("reminders", __name__)
