"""The blueprint that the tracker, quick wins and bodies are on."""

from flask import Blueprint

actions = Blueprint("actions", __name__)
