"""The blueprint that the first page, the calls to make and the pages about the service are on."""

from flask import Blueprint

today = Blueprint("today", __name__)
