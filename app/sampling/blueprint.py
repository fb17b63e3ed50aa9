"""The blueprint of the pages of sampling."""

from flask import Blueprint

sampling = Blueprint("sampling", __name__)
