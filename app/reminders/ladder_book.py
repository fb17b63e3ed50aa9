"""The ladder that holds for each kind of thing: the defaults of config/ladders.toml, unless a coordinator
edited them."""

import tomllib
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select

from app.database import db
from app.reminders.ladders import Ladder, ladder_from
from app.reminders.models import EditedLadder
from config.settings import PROJECT


@cache
def default_ladders() -> dict[str, Ladder]:
    """The ladders that come with the product, by kind of obligation."""
    with (PROJECT / "config" / "ladders.toml").open("rb") as stream:
        return {kind: ladder_from(rows) for kind, rows in tomllib.load(stream).items()}


@dataclass(frozen=True)
class LadderBook:
    """The ladders of this council, by kind of obligation, and those that cycles have of their own."""

    general: dict[str, Ladder]
    of_cycle: dict[int, Ladder]

    def for_audits_of(self, cycle_id: int) -> Ladder:
        """The ladder of a cycle's audits."""
        return self.of_cycle.get(cycle_id, self.general["audit"])


def ladder_book() -> LadderBook:
    """The ladders as they stand."""
    general = dict(default_ladders())
    of_cycle = {}
    for edited in db.session.scalars(select(EditedLadder)):
        if edited.cycle_id is None:
            general[edited.obligation_kind] = ladder_from(edited.steps)
        else:
            of_cycle[edited.cycle_id] = ladder_from(edited.steps)
    return LadderBook(general, of_cycle)
