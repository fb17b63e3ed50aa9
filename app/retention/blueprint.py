"""The blueprint of the pages of retention."""

from flask import Blueprint

retention = Blueprint("retention", __name__)
