"""The blueprint that the pages of cycles are on."""

from flask import Blueprint

cycles = Blueprint("cycles", __name__)
