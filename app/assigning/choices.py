"""The auditors whom a coordinator can choose from, with their open audits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.assigning.independence import CaseFacts, not_independent
from app.audits.counting import open_by_auditor
from app.audits.standing import standings
from app.database import db
from app.people.closures import working_days
from app.people.models import Person, Team
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.roles import RoleName
from app.wording import counted


@dataclass(frozen=True)
class Auditor:
    """An auditor who can be chosen; `load` is the number of their open audits."""

    person: PersonFacts
    job_title: str | None
    team: str | None
    load: int

    def label(self, *, is_independent: bool = True) -> str:
        """Return name, post, team and open audits: "Alison Hartley, Group Manager, Crewe (3 open audits)"."""
        who = ", ".join(part for part in (self.person.name, self.job_title, self.team) if part)
        dependent = "" if is_independent else ", not independent of this case"
        return f"{who} ({counted(self.load, 'open audit')}{dependent})"


def auditors(on: date) -> list[Auditor]:
    """Return everybody with the role of auditor who has not left, by name."""
    loads = open_by_auditor(standings(on, working_days()))
    posts = {
        person_id: (job_title, team)
        for person_id, job_title, team in db.session.execute(
            select(Person.id, Person.job_title, Team.name).join(Team, isouter=True)
        )
    }
    here = [
        person
        for person in everyone().values()
        if RoleName.AUDITOR in person.roles and not person.has_left(on)
    ]
    return [
        Auditor(person, *posts[person.id], load=loads.get(person.id, 0))
        for person in sorted(here, key=lambda person: (person.name, person.id))
    ]


def options(known: Sequence[Auditor], case: CaseFacts, without: Iterable[int] = ()) -> list[tuple[str, str]]:
    """Return the choices of a list of auditors for one case, the independent first, as (value, label)."""
    left_out = set(without)
    independent, dependent = [], []
    for auditor in known:
        if auditor.person.id in left_out:
            continue
        if not_independent(auditor.person, case) is None:
            independent.append((str(auditor.person.id), auditor.label()))
        else:
            dependent.append((str(auditor.person.id), auditor.label(is_independent=False)))
    return independent + dependent
