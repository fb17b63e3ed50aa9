"""The blueprint of the pages of accounts."""

from flask import Blueprint

account = Blueprint("account", __name__)
