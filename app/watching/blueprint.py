"""The blueprint of the pages about the service itself."""

from flask import Blueprint

watching = Blueprint("watching", __name__)
