"""The blueprint of audits. Its pages are in modules of their own, each by what it does."""

from flask import Blueprint

audits = Blueprint("audits", __name__)

from app.audits import (  # noqa: E402  they add their pages to the blueprint
    assign_views,  # noqa: F401
    chase_list_views,  # noqa: F401
    coordinator_views,  # noqa: F401
    detail_views,  # noqa: F401
    move_views,  # noqa: F401
    selected_views,  # noqa: F401
)
