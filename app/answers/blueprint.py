"""The blueprint that the form, the second look and moderation are on."""

from flask import Blueprint

answers = Blueprint("answers", __name__)
