"""The blueprint that the pages of reminders are on: schedules, what is scheduled, what is held, and why."""

from flask import Blueprint

reminders = Blueprint("reminders", __name__)
