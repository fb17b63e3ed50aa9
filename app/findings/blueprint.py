"""The blueprint of the pages of findings, which views of several modules stand on."""

from flask import Blueprint

findings = Blueprint("findings", __name__)
