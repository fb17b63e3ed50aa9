"""The duty team: whom to phone about a child at risk now, as the council set it."""

from app.concerns.models import DutyTeam
from app.database import db


def duty_team() -> DutyTeam | None:
    """Return the duty team; None until the council set it."""
    return db.session.get(DutyTeam, 1)
