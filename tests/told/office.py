"""The office of the month: its people, its tool with a grade that calls for a response, its two cycles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.database import db, transaction
from app.people.models import Person
from app.tools.models import Question, ScaleResponse, Tool
from tests.factories import a_cycle, a_person, a_team

FIRST, LAST = date(2010, 11, 1), date(2010, 11, 30)

TEAMS = ("Crewe", "Nantwich", "Sandbach", "Congleton")

GRADES = ("Grade quokka one", "Grade quokka two", "Grade quokka three")
"""The last one calls for a response. No email has the word "quokka": all that must stay out of emails has it
in it."""
SECRET = "quokka"
PAIRS, ALONE = "2010-1", "2010-2"


@dataclass
class Office:
    """The people who work here, by what they do: their ids."""

    coordinators: Sequence[int] = ()
    moderators: Sequence[int] = ()
    leader: int = 0
    managers: dict[str, int] = field(default_factory=dict)
    """Those of each team."""
    auditors: dict[int, str] = field(default_factory=dict)
    """Their teams."""
    workers: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    @property
    def owners(self) -> list[int]:
        """Those who get actions and recommendations."""
        return [*self.managers.values(), *list(self.workers)[:6], *list(self.auditors)[:4], self.leader]


def an_office(random: Random) -> Office:
    """Put people, tool and cycles into the database."""
    office = Office()
    leader = a_person("Lena Head", roles=["leader"])
    office.leader = leader.id
    for team in TEAMS:
        manager = a_person(f"Manager {team}", roles=["manager"], team=team, manager=leader)
        office.managers[team] = manager.id
    office.coordinators = [
        a_person(f"Coordinator {name}", roles=["coordinator"], telephone="0300 123 5500").id
        for name in ("Ann", "Bea")
    ]
    office.moderators = [
        a_person(f"Moderator {name}", roles=["moderator"]).id for name in ("Eve", "Flo", "Gus")
    ]
    for number in range(28):
        team = TEAMS[number % len(TEAMS)]
        manager = db.session.get_one(Person, office.managers[team])
        office.auditors[a_person(f"Auditor {number:02}", team=team, manager=manager).id] = team
    for number in range(12):
        team = TEAMS[number % len(TEAMS)]
        manager = db.session.get_one(Person, office.managers[team])
        worker = a_person(f"Worker {number:02}", roles=["practitioner"], team=team, manager=manager)
        office.workers[worker.id] = team
    office.names = {row.id: row.name for row in db.session.execute(select(Person.id, Person.name))}
    _graded_tool(a_cycle(PAIRS, requested_on=FIRST, due_on=date(2010, 11, 12), workers="may reply"))
    a_cycle(ALONE, requested_on=FIRST, due_on=date(2010, 11, 17), workers="told", auditors=1)
    with transaction():
        for cycle in db.session.scalars(select(Cycle)):
            cycle.respond_to_id = leader.id
    return office


def _graded_tool(cycle: Cycle) -> None:
    with transaction():
        tool = db.session.get_one(Tool, cycle.tool_id)
        for position, grade in enumerate(GRADES, start=1):
            counts_as = "met" if position == 1 else "not met"
            tool.responses.append(
                ScaleResponse(scale="grade", position=position, response=grade, counts_as=counts_as)
            )
        tool.sections[0].questions.append(
            Question(
                position=2,
                key="plan",
                key_area="Plan",
                text="How good is the plan?",
                scale="grade",
                calls_for_response={"response": [GRADES[-1]], "working_days": 5},
            )
        )


def team_id(name: str) -> int:
    return a_team(name).id
