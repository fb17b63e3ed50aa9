"""The blueprint that the tracker, quick wins, bodies and exemplars are on."""

from flask import Blueprint

actions = Blueprint("actions", __name__)
