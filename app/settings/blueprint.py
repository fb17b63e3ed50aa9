"""The blueprint of the pages of settings."""

from flask import Blueprint

settings = Blueprint("settings", __name__)
