"""The blueprint that the pages about the worker of a case are on."""

from flask import Blueprint

workers = Blueprint("workers", __name__)
