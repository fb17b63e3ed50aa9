"""An installation with 100,000 actions, or with 10,000 social workers for whom a quick win starts, written
straight into SQLite.

A third of the actions is done, a tenth of those closed; one in fifty has no owner or no due day. The owners'
messages of the day are not made: the quick win is measured alone.

    python -m tests.bench.many_actions FOLDER DAY (--actions | --practice)
"""

import argparse
import uuid
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from app import create_app
from app.actions.models import Action
from app.audits.cycle import Cycle
from app.database import db, transaction
from app.migrating import migrate
from app.people.models import Person, PersonRole, Team
from app.quick_wins.models import AudienceRole, QuickWin
from app.tools.models import Tool
from config.settings import from_environment
from tests.bench.installation import environment
from tests.bench.many_audits import TEAMS, Row, cycle_row, people, tool_row, write

ACTIONS, SOCIAL_WORKERS = 100_000, 10_000


def make(folder: Path, on: date, *, practice: bool) -> None:
    """Make the installation as it stands on the day."""
    app = create_app(from_environment(environment(str(folder))))
    with app.app_context():
        migrate()
        with transaction():
            write(Team, ({"id": n, "name": f"Team {n}"} for n in range(1, TEAMS + 1)))
            owners = people()
            if practice:
                _quick_win(on)
            else:
                write(Tool, [tool_row()])
                write(Cycle, [cycle_row(on)])
                write(Action, (_action(n, on, owners) for n in range(1, ACTIONS + 1)))
        db.session.remove()
        db.engine.dispose()


def _action(n: int, on: date, owners: list[int]) -> Row:
    due_on = on + timedelta(days=n % 400 - 200)
    done_on = on - timedelta(days=n % 100 + 1) if n % 3 == 0 else None
    closed_on = done_on if n % 30 == 0 else None
    return {
        "id": n,
        "reference": f"A{n}",
        "text": f"Change what action {n} asks to be changed in the way files are kept",
        "cycle_id": 1,
        "is_quick_win": False,
        "is_draft": False,
        "owner_id": None if n % 50 == 1 else owners[n % len(owners)],
        "due_on": None if n % 50 == 2 else due_on,
        "first_due_on": None if n % 50 == 2 else due_on,
        "raised_on": on - timedelta(days=300),
        "agreed_on": on - timedelta(days=300),
        "done_on": done_on,
        "signed_off_on": closed_on,
        "impact_checked_on": closed_on,
        "impact": "effective" if closed_on else None,
        "version": 1,
    }


def _quick_win(on: date) -> None:
    last = db.session.scalar(select(func.max(Person.id))) or 0
    numbers = range(last + 1, last + SOCIAL_WORKERS + 1)
    write(
        Person,
        (
            {
                "id": n,
                "email": f"worker{n}@council.example",
                "name": f"Worker {n}",
                "team_id": n % TEAMS + 1,
                "active": True,
                "fs_uniquifier": uuid.uuid4().hex,
            }
            for n in numbers
        ),
    )
    write(PersonRole, ({"person_id": n, "name": "practitioner"} for n in numbers))
    quick_win = {
        "id": 1,
        "reference": "Q1",
        "subject": "Evidence that the child was seen",
        "message": "When you have seen a child, record when, where, whether alone, and what they told you.",
        "where": "In the case note of the visit.",
        "example": "Seen alone at home on 3 March. Said that school is better since the move.",
        "starts_on": on,
        "every_working_days": 5,
        "times": 6,
        "version": 1,
    }
    write(QuickWin, [quick_win])
    write(AudienceRole, [{"quick_win_id": 1, "role": "practitioner"}])


def main() -> None:
    """Make one, as the arguments say."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("day", type=date.fromisoformat)
    which = arguments.add_mutually_exclusive_group(required=True)
    which.add_argument("--actions", action="store_true")
    which.add_argument("--practice", action="store_true")
    given = arguments.parse_args()
    make(given.folder, given.day, practice=given.practice)


if __name__ == "__main__":
    main()
