"""The pages of reports."""

from flask import Blueprint

reports = Blueprint("reports", __name__)
