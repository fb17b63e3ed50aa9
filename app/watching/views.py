"""The page of settings that says how the service is doing, for administrators."""

from flask import render_template

from app.watching import metrics
from app.watching.blueprint import watching
from app.watching.parts import parts
from app.watching.tasks import failures

__all__ = ["metrics", "watching"]


@watching.get("/settings/service")
def page() -> str:
    """Show each part of the service, and the background tasks that failed."""
    return render_template("watching/page.html", parts=list(parts()), failures=failures())
