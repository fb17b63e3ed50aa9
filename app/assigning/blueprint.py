"""The blueprint of the pages of requesting and assigning."""

from flask import Blueprint

assigning = Blueprint("assigning", __name__)
