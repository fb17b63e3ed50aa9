"""`/cycles/REF/findings`: what a cycle found, and what that can and cannot say."""

from flask import Blueprint

findings = Blueprint("findings", __name__)
