"""The duty team: whom to phone about a child at risk now, as the council set it."""

from app.concerns.models import DutyTeam
from app.database import db, transaction
from app.history.record import Event, record
from app.moves.moving import words
from app.refusal import Refused
from app.telephones import NOT_A_NUMBER, is_telephone


def duty_team() -> DutyTeam | None:
    """Return the duty team; None until the council set it."""
    return db.session.get(DutyTeam, 1)


def lock_duty_team() -> None:
    """Lock the duty team until the transaction ends, and read it again."""
    db.session.get(DutyTeam, 1, with_for_update=True, populate_existing=True)


def set_duty_team(name: str, telephone: str, *, by: str) -> None:
    """Set the name and the number that every page about a child at risk shows. Raises Refused."""
    name, telephone = (
        words(name, "Enter the name of the duty team"),
        words(telephone, "Enter the phone number"),
    )
    if not is_telephone(telephone):
        raise Refused(NOT_A_NUMBER)
    with transaction():
        team = db.session.get(DutyTeam, 1, with_for_update=True)
        before = _in_words(team)
        if team is None:
            db.session.add(team := DutyTeam(id=1, name=name, telephone=telephone))
        else:
            team.name, team.telephone = name, telephone
        if before != _in_words(team):
            record(by, [Event("setting", "duty team", "changed", before=before, after=_in_words(team))])


def _in_words(team: DutyTeam | None) -> str | None:
    return f"{team.name}, {team.telephone}" if team else None
