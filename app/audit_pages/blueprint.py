"""The blueprint that the pages of audits are on."""

from flask import Blueprint

audits = Blueprint("audits", __name__)
