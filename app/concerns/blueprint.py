"""The blueprint that the pages of concerns are on."""

from flask import Blueprint

concerns = Blueprint("concerns", __name__)
