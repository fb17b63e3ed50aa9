"""The blueprint of the chase list."""

from flask import Blueprint

chase_list = Blueprint("chase_list", __name__)
