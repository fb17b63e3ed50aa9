"""The first page, by role, and the pages that every public service has."""

from flask import Blueprint, render_template

today = Blueprint("today", __name__)


@today.get("/")
def home() -> str:
    """What the person signed in has to do."""
    return render_template("today/home.html")


@today.get("/accessibility")
def accessibility() -> str:
    """How accessible the service is."""
    return render_template("today/accessibility.html")


@today.get("/privacy")
def privacy() -> str:
    """What the service keeps about people."""
    return render_template("today/privacy.html")
